using Vouchsafe.Postgres.Errors;
using Vouchsafe.Postgres.Sealing;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Testing.Databases;
using Vouchsafe.Testing.Time;
using Xunit;

namespace Vouchsafe.Postgres.Tests.Sessions;

/// <summary>A context runs out inside a transaction; a session that goes on working enters a fresh one in time.</summary>
public sealed class LongTransactions(NotesDatabase notes) : IClassFixture<NotesDatabase>
{
    private const string Context = "select current_setting('vouchsafe.context')";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_transaction_longer_than_the_life_of_a_context_keeps_its_tenant(bool renews)
    {
        var (lifetime, renewal) = (TimeSpan.FromMilliseconds(1500), TimeSpan.FromMilliseconds(100));
        await using var database = Make(new ContextSealer(notes.Keys, TimeProvider.System, lifetime, renews ? renewal : TimeSpan.FromHours(1)));
        var tenant = notes.NewTenant();
        await using var session = database.Tenant(TestDatabase.ScopeOf(tenant));
        await session.BeginAsync(Cancel);
        var lost = false;
        while (true)
        {
            var (seen, old) = await session.SingleOrDefaultAsync("select vouchsafe.current_tenant(), clock_timestamp() - now() > interval '3 s'", [],
                row => (row.IsDBNull(0) ? (Guid?)null : row.GetGuid(0), row.GetBoolean(1)), Cancel);
            lost |= seen != tenant.Value;
            if (old)
                break;
        }

        Assert.Equal(renews, !lost);
    }

    [Fact]
    public async Task A_fresh_context_is_entered_after_a_quarter_of_a_minute()
    {
        var clock = new FakeTimeProvider();
        clock.Advance(TimeProvider.System.GetUtcNow() - clock.GetUtcNow());
        await using var database = Make(new ContextSealer(notes.Keys, clock));
        await using var session = database.Tenant(TestDatabase.ScopeOf(notes.NewTenant()) with { ReadOnly = true });
        await session.BeginAsync(Cancel);
        var first = await ContextOf(session);
        clock.Advance(TimeSpan.FromSeconds(14));
        Assert.Equal(first, await ContextOf(session));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotEqual(first, await ContextOf(session));
        Assert.Equal("on", await session.SingleOrDefaultAsync("select current_setting('transaction_read_only')", [], row => row.GetString(0), Cancel));
    }

    [Fact]
    public async Task A_read_only_session_changes_nothing_and_its_context_neither()
    {
        var tenant = notes.NewTenant();
        await using var database = Make(new ContextSealer(notes.Keys, TimeProvider.System));
        await using (var writes = database.Tenant(TestDatabase.ScopeOf(tenant)))
            await writes.ExecuteAsync("insert into notes.notes values ($1, 1, 'a')", [tenant], Cancel);
        await using var session = database.Tenant(TestDatabase.ScopeOf(tenant) with { ReadOnly = true });
        var refused = await Assert.ThrowsAsync<DatabaseRefusedException>(() => session.ExecuteAsync("update notes.notes set body = 'b' where tenant_id = $1", [tenant], Cancel));
        Assert.Equal(Refusal.ReadOnly, refused.Refusal);

        // Taken by somebody who injects SQL, and entered where the transaction may write, on the same connection.
        var context = await ContextOf(session);
        var other = database.Tenant(TestDatabase.ScopeOf(notes.NewTenant()));
        await session.DisposeAsync();
        await using (other)
        {
            await other.BeginAsync(Cancel);
            await other.ListAsync("select vouchsafe.enter($1)", [context], row => 0, Cancel);
            Assert.Equal(0, await other.ExecuteAsync("update notes.notes set body = 'b' where tenant_id = $1", [tenant], Cancel));
        }
    }

    private Database Make(ContextSealer sealer) => new(notes.Options with { MaximumConnections = 1 }, sealer, notes.Time, services: null);

    private static async Task<string> ContextOf(TenantSession session) =>
        (await session.SingleOrDefaultAsync(Context, [], row => row.GetString(0), Cancel))!;
}
