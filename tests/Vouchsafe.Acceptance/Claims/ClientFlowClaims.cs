using Vouchsafe.Acceptance.Running;
using Xunit;

namespace Vouchsafe.Acceptance.Claims;

public sealed class ClientFlowClaims(UnderClientFlow running) : ClaimSuite<UnderClientFlow>(running), IClassFixture<UnderClientFlow>
{
    public static TheoryData<string, string> Rows => RowsOf("clientflow");

    public static TheoryData<string, string, string> Breaks => SabotagesOf("clientflow");

    [Theory, MemberData(nameof(Rows))]
    public Task Holds(string claim, string control) => HoldsAsync(claim, control);

    [Theory, MemberData(nameof(Breaks))]
    public Task Turns_red_when_broken(string claim, string control, string sabotage) => TurnsRedAsync(claim, control, sabotage);
}
