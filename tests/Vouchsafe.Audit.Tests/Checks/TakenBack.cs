using Vouchsafe.Audit.Checks;
using Vouchsafe.Audit.Receipts;
using Vouchsafe.Audit.Tests.Databases;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Postgres.Tenancy;
using Xunit;

namespace Vouchsafe.Audit.Tests.Checks;

/// <summary>A superuser takes back what has its index and no check has verified yet, or hides behind what a run believes.</summary>
public sealed class TakenBack : IAsyncLifetime
{
    private readonly AuditDatabase _database = new();
    private TenantId _tenant;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _database.InitializeAsync();
        _tenant = _database.NewTenant();
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    /// <summary>The node saw the entries in their log, and no longer waits for them; the last check was before.</summary>
    [Fact]
    public async Task Entries_that_were_taken_back_between_two_checks_are_missed()
    {
        await RecordAsync(300);
        await HoldsAsync();
        await SqlAsync("create table public.heads as select * from audit.heads; create table public.tails as select * from audit.tails; create table public.entries as select append_id from audit.entries");
        await RecordAsync(5);
        await _database.Get<Reconciler>().RunAsync(thorough: false, Cancellation);
        await SqlAsync(
            """
            delete from audit.entries where append_id not in (select append_id from public.entries);
            delete from audit.tails; insert into audit.tails select * from public.tails;
            delete from audit.heads; insert into audit.heads select * from public.heads
            """);
        for (var run = 0; run < 2; run++)
            await FailsAsync("was rolled back: it had 305 entries and has 300");
    }

    [Fact]
    public async Task A_log_that_went_before_its_first_check_is_missed()
    {
        await RecordAsync(5);
        await _database.Get<Reconciler>().RunAsync(thorough: false, Cancellation);
        foreach (var table in new[] { "entries", "tails", "heads", "logs" })
            await SqlAsync($"delete from audit.{table}");
        await FailsAsync("which had 5 entries, is gone");
    }

    [Fact]
    public async Task What_was_verified_since_may_grow_and_be_verified_again()
    {
        for (var round = 0; round < 3; round++)
        {
            await RecordAsync(5);
            await _database.Get<Reconciler>().RunAsync(thorough: false, Cancellation);
            await HoldsAsync();
        }

        Assert.Empty(_database.Get<SeenHeads>().All);
    }

    [Fact]
    public async Task A_head_whose_log_has_no_row_is_named_by_a_node_that_never_saw_it()
    {
        await using (var session = _database.Open(_tenant))
            await session.ExecuteAsync("select audit.append($1, $2, $3, $3)", [_tenant.Value, AppendId.At(_database.Time.GetUtcNow()).Value, new byte[][] { [1], [2] }], Cancellation);
        await _database.SequenceAsync(Cancellation);
        await SqlAsync("delete from audit.logs");
        await FailsAsync("parts of a log are there whose head is gone");
    }

    /// <summary>A run doesn't count what it finds in a log that is pruned meanwhile. Somebody lets it look pruned at the end of each look.</summary>
    [Fact]
    public async Task A_log_that_is_pruned_whenever_somebody_looks_is_judged_all_the_same()
    {
        await RecordAsync(600);
        await HoldsAsync();
        await SqlAsync("insert into audit.bundles select tenant_id, 9, entries from audit.bundles limit 1");
        await SqlAsync(
            """
            create sequence audit.looks;
            grant usage on sequence audit.looks to vouchsafe_owner;
            create or replace function audit.head_of(p_tenant uuid) returns table (log_id uuid, size bigint, root bytea, moved_at timestamptz, pruned_to bigint)
                language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
                select l.log_id, h.size, h.root, h.moved_at, 256 * (1 - nextval('audit.looks') % 2) from audit.heads h join audit.logs l on l.tenant_id = h.tenant_id where h.tenant_id = p_tenant $$
            """);
        await FailsAsync("stand beside");
    }

    private async Task RecordAsync(int count)
    {
        await using var session = _database.Open(_tenant);
        await session.RecordManyAsync([.. Enumerable.Range(0, count).Select(n => new AuditEvent("order.created", new AuditField("n", $"{n}")))], Cancellation);
        await _database.SequenceAsync(Cancellation);
    }

    private Task SqlAsync(string sql) => AuditDatabase.RunAsync(_database.Superuser, sql);

    private async Task HoldsAsync()
    {
        var finding = await RunAsync();
        Assert.True(finding.Holds, finding.Message);
    }

    private async Task FailsAsync(string part)
    {
        var finding = await RunAsync();
        Assert.False(finding.Holds, finding.Message);
        Assert.Contains(part, finding.Message, StringComparison.OrdinalIgnoreCase);
    }

    private Task<Finding> RunAsync() => _database.Check<ImmutableCheck>().RunAsync(null!, Cancellation);
}
