using System.Text.Json.Nodes;
using Vouchsafe.Postgres.Checks;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Postgres.Tests.Sessions;

/// <summary>What the check of the data layer sees of the hand-over, and that its drill turns it red.</summary>
public sealed class LeftTraps(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_check_meets_no_trap_until_connections_are_handed_on()
    {
        await using var own = new Database(database.Options, database.Keys, database.Time);
        Assert.Null(await Traps.LeaveAsync(own, [], Cancel));

        var drill = new HandOverDrill(own);
        Assert.NotNull(await drill.BreakAsync(Cancel));
        Assert.StartsWith(drill.Expected, await Traps.LeaveAsync(own, [], Cancel), StringComparison.Ordinal);

        await drill.MendAsync(Cancel);
        Assert.Null(await Traps.LeaveAsync(own, new JsonObject(), Cancel));
    }

    [Fact]
    public async Task Each_way_to_leave_something_unseen_is_refused()
    {
        await using var login = await AppLogin.OpenAsync(database.Options, database.Keys, database.Baseline.Manifest, Cancel);
        foreach (var (what, sql) in Traps.Refused)
            Assert.True((await login.TryAsync(null, sql, Cancel)).Denied, what);
        Assert.False(await login.AcceptsInsideTransactionAsync(Canaries.Other, Cancel));
    }
}
