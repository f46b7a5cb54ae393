using Vouchsafe.Acceptance.Sabotage.Audit;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Tests.Databases;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Testing.Sabotage;
using Xunit;

namespace Vouchsafe.Audit.Tests.Checks;

/// <summary>Green, broken, red with the expected message, mended, green: for each sabotage of the trail's checks.</summary>
public sealed class SabotageTests(AuditDatabase database) : IClassFixture<AuditDatabase>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => [.. All.Select(sabotage => sabotage.Name)];

    private static IEnumerable<ISabotage> All =>
        typeof(AlteredEntry).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && typeof(ISabotage).IsAssignableFrom(type))
            .Select(type => (ISabotage)Activator.CreateInstance(type)!)
            // What requests leave is tried over HTTP.
            .Where(sabotage => sabotage.Control != "audit.actions");

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Each_check_turns_red_and_green_again(string name)
    {
        await using (var session = database.Database.Tenant(CanaryLog.Scope))
            await session.RecordAsync(new AuditEvent("canary.acted"), Cancellation);
        await database.SequenceAsync(Cancellation);
        var sabotage = All.Single(one => one.Name == name);
        var check = database.CheckOf(sabotage.Control);
        var context = new SabotageContext(database.Owner, database.Superuser, [database.Provider]);

        Assert.True((await RunAsync(check)).Holds);
        Assert.NotNull(await sabotage.BreakAsync(context, Cancellation));
        var red = await RunAsync(check);
        await sabotage.MendAsync(context, Cancellation);
        Assert.False(red.Holds);
        Assert.Contains(sabotage.ExpectedMessageFragment, red.Message, StringComparison.Ordinal);
        var mended = await RunAsync(check);
        Assert.True(mended.Holds, mended.Message);
    }

    private static Task<Finding> RunAsync(ICheck check) => check.RunAsync(null!, Cancellation);
}
