using Xunit;

namespace Vouchsafe.Acceptance.Claims;

/// <summary>What rests on the trail holds, and turns red, in strict mode too.</summary>
public sealed class StrictClaims(UnderStrict running) : ClaimSuite<UnderStrict>(running), IClassFixture<UnderStrict>
{
    public static TheoryData<string, string> Rows => RowsOf("strict");

    public static TheoryData<string, string, string> Breaks => SabotagesOf("strict");

    [Theory, MemberData(nameof(Rows))]
    public Task Holds(string claim, string control) => HoldsAsync(claim, control);

    [Theory, MemberData(nameof(Breaks))]
    public Task Turns_red_when_broken(string claim, string control, string sabotage) => TurnsRedAsync(claim, control, sabotage);
}
