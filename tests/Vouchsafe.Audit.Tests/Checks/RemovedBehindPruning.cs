using Vouchsafe.Audit.Checks;
using Vouchsafe.Audit.Tests.Databases;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Postgres.Tenancy;
using Xunit;

namespace Vouchsafe.Audit.Tests.Checks;

/// <summary>
/// A superuser removes entries, has the log built anew, and hides the break for one run behind a pruning past the head that the node remembers. The head isn't
/// a multiple of 256, so no proof can be built across the pruning, and none may be assumed.
/// </summary>
public sealed class RemovedBehindPruning : IAsyncLifetime
{
    private const string Remove =
        """
        delete from audit.entries where append_id in (select append_id from audit.entries order by append_id limit 1);
        delete from audit.tiles; delete from audit.bundles; delete from audit.tails; delete from audit.heads; delete from audit.pending;
        insert into audit.pending (tenant_id, append_id, hashes)
          select tenant_id, append_id,
                 (select string_agg(sha256('\x00'::bytea || l), ''::bytea order by n) from unnest(leaves) with ordinality u(l, n))
          from audit.entries order by append_id;
        """;

    private const string Hide =
        """
        create table public.t as select * from audit.tiles where level = 0 and tile < 4;
        create table public.b as select * from audit.bundles where bundle < 4;
        delete from audit.tiles where level = 0 and tile < 4; delete from audit.bundles where bundle < 4; update audit.heads set pruned_to = 1024
        """;

    private const string PutBack =
        "insert into audit.tiles select * from public.t; insert into audit.bundles select * from public.b; update audit.heads set pruned_to = 0";

    private readonly AuditDatabase _database = new() { Watch = new WatchOptions { Small = 512, Entries = 512, Fresh = 100_000 } };
    private TenantId _tenant;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _database.InitializeAsync();
        _tenant = _database.NewTenant();
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Is_red_while_it_is_hidden_and_ever_after()
    {
        await AppendAsync(1000);
        for (var run = 0; run < 4; run++)
            Assert.True((await CheckAsync()).Holds);
        await AppendAsync(2200);
        await AuditDatabase.RunAsync(_database.Superuser, Remove);
        await _database.SequenceAsync(Cancellation);

        await AuditDatabase.RunAsync(_database.Superuser, Hide);
        var hidden = await CheckAsync();
        Assert.False(hidden.Holds);
        Assert.Contains("can't be shown to continue the 1000 entries", hidden.Message, StringComparison.Ordinal);

        await AuditDatabase.RunAsync(_database.Superuser, PutBack);
        for (var run = 0; run < 12; run++)
            Assert.Contains("was rewritten", (await CheckAsync()).Message, StringComparison.Ordinal);
    }

    private Task<Finding> CheckAsync() => _database.Check<ImmutableCheck>().RunAsync(null!, Cancellation);

    private async Task AppendAsync(int count)
    {
        await using var session = _database.Open(_tenant);
        await session.RecordManyAsync([.. Enumerable.Range(0, count).Select(n => new AuditEvent("order.created", new AuditField("n", $"{n}")))], Cancellation);
        await _database.SequenceAsync(Cancellation);
    }
}
