using Vouchsafe.Audit.Checks;
using Vouchsafe.Audit.Tests.Databases;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Postgres.Tenancy;
using Xunit;

namespace Vouchsafe.Audit.Tests.Receipts;

/// <summary>A superuser keeps an entry from its log before it has an index: the node that was told of the commit misses it.</summary>
public sealed class SuppressedEntries : IAsyncLifetime
{
    private static readonly TimeSpan Longer = TimeSpan.FromSeconds(21);

    private readonly AuditDatabase _database = new();
    private TenantId _tenant;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _database.InitializeAsync();
        _tenant = _database.NewTenant();
        await RecordAsync(300);
        await _database.SequenceAsync(Cancellation);
        await HoldsAsync();
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task What_was_recorded_and_sequenced_is_missed_by_nobody()
    {
        await RecordAsync(600);
        await _database.SequenceAsync(Cancellation);
        Wait();
        await HoldsAsync();
    }

    [Fact]
    public async Task An_entry_that_goes_with_its_pending_row_is_missed()
    {
        await RecordAsync(1);
        await SqlAsync("delete from audit.entries where append_id in (select append_id from audit.pending); delete from audit.pending");
        Wait();
        await FailsAsync("1 appends that were confirmed to this node as committed are not in their logs");
        // It stays missing: nothing but the entry itself ends that.
        _database.Time.Advance(TimeSpan.FromHours(1));
        Beat();
        await FailsAsync("are not in their logs");
    }

    [Theory]
    [InlineData("audit.pending")]
    [InlineData("audit.entries")]
    public async Task An_entry_that_a_trigger_swallows_is_missed(string table)
    {
        await SqlAsync($"create function public.swallow() returns trigger language plpgsql as 'begin return null; end'; create trigger swallow before insert on {table} for each row execute function public.swallow()");
        await RecordAsync(1);
        await SqlAsync($"drop trigger swallow on {table}");
        if (table == "audit.entries")
            await SqlAsync("delete from audit.pending");
        await _database.SequenceAsync(Cancellation);
        Wait();
        await FailsAsync("are not in their logs");
    }

    [Fact]
    public async Task An_append_whose_writer_does_nothing_is_missed()
    {
        var sound = (string)(await AuditDatabase.ScalarAsync(_database.Superuser, "select pg_get_functiondef('audit.append(uuid, uuid, bytea[], bytea[])'::regprocedure)"))!;
        await SqlAsync("create or replace function audit.append(p_tenant uuid, p_append uuid, p_leaves bytea[], p_sealed bytea[]) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as 'begin end'");
        await RecordAsync(3);
        await SqlAsync(sound);
        Wait();
        await FailsAsync("are not in their logs");
    }

    [Fact]
    public async Task An_entry_that_is_altered_before_it_has_an_index_is_missed()
    {
        await RecordAsync(2);
        await SqlAsync(
            """
            update audit.entries set leaves[2] = set_byte(leaves[2], 60, 255 - get_byte(leaves[2], 60)) where append_id in (select append_id from audit.pending);
            update audit.pending p set hashes = substr(p.hashes, 1, 32) || sha256('\x00'::bytea || e.leaves[2]) from audit.entries e where e.append_id = p.append_id
            """);
        await _database.SequenceAsync(Cancellation);
        await FailsAsync("1 appends stand in their logs with other content");
    }

    /// <summary>As a drill does it: damage that is over accuses nobody.</summary>
    [Fact]
    public async Task Hashes_that_were_altered_and_put_right_are_no_other_content()
    {
        const string swap = "update audit.tails set hashes = set_byte(hashes, octet_length(hashes) - 1, 255 - get_byte(hashes, octet_length(hashes) - 1)) where first_index = (select max(first_index) from audit.tails)";
        await RecordAsync(1);
        await _database.SequenceAsync(Cancellation);
        await SqlAsync(swap);
        await FailsAsync("1 appends stand in their logs with other content");
        await SqlAsync(swap);
        Wait();
        await HoldsAsync();
    }

    [Fact]
    public async Task A_cut_append_is_missed()
    {
        await RecordAsync(5);
        await SqlAsync("update audit.pending set hashes = substr(hashes, 1, 64)");
        await _database.SequenceAsync(Cancellation);
        Wait();
        await FailsAsync("are not in their logs");
    }

    [Fact]
    public async Task A_sequencer_that_stands_still_is_seen_though_the_check_gives_indexes_itself()
    {
        await RecordAsync(1);
        _database.Time.Advance(Longer);
        await FailsAsync("the background sequencer of this node doesn't run", "are not in their logs after 20 s");
        Beat();
        _database.Time.Advance(TimeSpan.FromSeconds(10));
        await FailsAsync("came into their logs later");
        _database.Time.Advance(TimeSpan.FromMinutes(3));
        Beat();
        await HoldsAsync();
    }

    [Fact]
    public async Task What_another_node_wrote_and_nobody_numbers_is_seen_by_its_age()
    {
        await SqlAsync(
            $"insert into audit.pending (tenant_id, append_id, hashes) values ('{_database.NewTenant()}', '019b8d00-0000-7000-8000-000000000000', decode(repeat('00', 31), 'hex'))");
        await FailsAsync("1 committed appends wait for their index");
    }

    [Fact]
    public async Task What_was_put_back_is_missed_no_more()
    {
        await RecordAsync(1);
        await SqlAsync("create table public.kept as select * from audit.pending; delete from audit.pending");
        Wait();
        await FailsAsync("are not in their logs");
        await SqlAsync("insert into audit.pending select * from public.kept");
        await _database.SequenceAsync(Cancellation);
        await RunAsync();
        _database.Time.Advance(TimeSpan.FromMinutes(3));
        Beat();
        await HoldsAsync();
    }

    private void Wait()
    {
        _database.Time.Advance(Longer);
        Beat();
    }

    private void Beat() => _database.Get<Vouchsafe.Audit.Sequencing.SequencerPulse>().Beat();

    private async Task RecordAsync(int count)
    {
        await using var session = _database.Open(_tenant);
        await session.RecordManyAsync([.. Enumerable.Range(0, count).Select(n => new AuditEvent("order.created", new AuditField("n", $"{n}")))], Cancellation);
    }

    private Task SqlAsync(string sql) => AuditDatabase.RunAsync(_database.Superuser, sql);

    private async Task HoldsAsync()
    {
        var finding = await RunAsync();
        Assert.True(finding.Holds, finding.Message);
    }

    private async Task FailsAsync(params string[] parts)
    {
        var finding = await RunAsync();
        Assert.False(finding.Holds, finding.Message);
        Assert.All(parts, part => Assert.Contains(part, finding.Message, StringComparison.OrdinalIgnoreCase));
    }

    private Task<Finding> RunAsync() => _database.Check<ImmutableCheck>().RunAsync(null!, Cancellation);
}
