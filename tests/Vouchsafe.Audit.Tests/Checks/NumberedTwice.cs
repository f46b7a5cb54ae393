using Npgsql;
using Vouchsafe.Audit.Checks;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.RollUp;
using Vouchsafe.Audit.Sequencing;
using Vouchsafe.Audit.Tests.Databases;
using Vouchsafe.Audit.Tests.Exports;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Transparency.Exports;
using Xunit;

namespace Vouchsafe.Audit.Tests.Checks;

/// <summary>Somebody hands an append in again that has its index: entries then stand in their log twice, each of them sound by itself.</summary>
public sealed class NumberedTwice : IAsyncLifetime
{
    /// <summary>The first append, from its ids and hashes in the log.</summary>
    private const string Replay =
        """
        insert into audit.pending (tenant_id, append_id, hashes)
        select b.tenant_id, encode(overlay(substr(b.entries, 1, 16) placing '\x00'::bytea from 16), 'hex')::uuid, t.hashes
        from audit.bundles b join audit.tiles t on t.tenant_id = b.tenant_id and t.level = 0 and t.tile = b.bundle where b.bundle = 0
        """;

    private readonly AuditDatabase _database = new();
    private TenantId _tenant;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _database.InitializeAsync();
        _tenant = _database.NewTenant();
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task The_platforms_login_is_refused()
    {
        await RecordAsync(_tenant, 300);
        await using var attacker = new NpgsqlConnection(_database.Platform);
        await attacker.OpenAsync(Cancellation);
        foreach (var attempt in new[]
        {
            Replay,
            "insert into audit.pending (tenant_id, append_id, hashes) values ('00000000-0000-7000-8000-000000000001', '019b8d00-0000-7000-8000-000000000000', sha256('x'))",
            "update audit.pending set hashes = hashes",
            "select audit.append('00000000-0000-7000-8000-000000000001', '019b8d00-0000-7000-8000-000000000000', array[''::bytea], array[''::bytea])",
            "delete from audit.heads", "delete from audit.tiles", "delete from audit.bundles", "delete from audit.logs", "delete from audit.checkpoint_keys",
            "update audit.tails set hashes = hashes", "update audit.frontiers set size = size",
        })
        {
            await using var command = new NpgsqlCommand(attempt, attacker);
            var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Cancellation));
            Assert.Equal((attempt, PostgresErrorCodes.InsufficientPrivilege), (attempt, refused.SqlState));
        }
    }

    [Fact]
    public async Task An_append_that_was_handed_in_again_is_named()
    {
        await RecordAsync(_tenant, 300);
        await HoldsAsync();
        await ReplayAsync();
        for (var run = 0; run < 2; run++)
            await FailsAsync("Entries 300 to 555 of log", "are entries 0 to 255", "once more");
        var report = await VerifyAsync();
        Assert.Equal(ExportVerdict.Tampered, report.Verdict);
        var finding = Assert.Single(report.Findings);
        Assert.Equal((FindingKind.Repeated, 300L, 555L, 0L), (finding.Kind, finding.Index, finding.Last, finding.CopyOf));
    }

    /// <summary>Entries that nobody had verified are taken out before they have an index, and others handed in again in their place.</summary>
    [Fact]
    public async Task Removed_entries_that_are_made_up_for_by_others_are_named()
    {
        await RecordAsync(_tenant, 300);
        await HoldsAsync();
        await using (var session = _database.Open(_tenant))
            await session.RecordManyAsync([.. Enumerable.Range(0, 256).Select(n => new AuditEvent("order.deleted", new AuditField("n", $"{n}")))], Cancellation);
        await SqlAsync("delete from audit.entries where append_id in (select append_id from audit.pending); delete from audit.pending");
        await ReplayAsync();
        await FailsAsync("Entries 300 to 555 of log", "are entries 0 to 255", "once more");
    }

    /// <summary>Under an id of its own, with a row of its own: each row has its append, and only the leaf tells.</summary>
    [Fact]
    public async Task A_copy_of_an_entry_under_another_id_is_named()
    {
        await RecordAsync(_tenant, 300);
        await HoldsAsync();
        await using (var attacker = _database.Open(_tenant))
            await attacker.ExecuteAsync(
                "select audit.append($1, $2, leaves[3:5], sealed[3:5]) from audit.entries where tenant_id = $1 and cardinality(leaves) = 256",
                [_tenant.Value, AppendId.At(_database.Time.GetUtcNow()).Value], Cancellation);
        await _database.SequenceAsync(Cancellation);
        await FailsAsync("Entries 300 to 302 of log", "are entries 2 to 4", "once more");
        Assert.Equal(FindingKind.Repeated, Assert.Single((await VerifyAsync()).Findings).Kind);
    }

    [Theory]
    // A part of an append, by itself.
    [InlineData("update audit.pending set hashes = substr(hashes, 1, 320)", "Entries 300 to 309 of log")]
    // Twice in one round.
    [InlineData("insert into audit.pending select * from audit.pending", "Entries 300 to 555 of log")]
    public async Task A_part_and_a_second_copy_are_named(string also, string named)
    {
        await RecordAsync(_tenant, 300);
        await HoldsAsync();
        await SqlAsync(Replay);
        await SqlAsync(also);
        await _database.SequenceAsync(Cancellation);
        await FailsAsync(named, "once more");
    }

    [Fact]
    public async Task In_a_large_log_it_is_named_at_once_and_ever_after()
    {
        _database.Watch = new WatchOptions { Small = 512, Entries = 512, Fresh = 100_000 };
        await RecordAsync(_tenant, 3000);
        for (var run = 0; run < 8; run++)
            await HoldsAsync();
        _database.Time.Advance(TimeSpan.FromMinutes(5));
        await RecordAsync(_tenant, 10);
        await ReplayAsync();
        for (var run = 0; run < 20; run++)
            await FailsAsync("Entries 3010 to 3265 of log", "are entries 0 to 255");
    }

    /// <summary>Where nothing tells that it came late, the pass over the whole log tells that no row is left for it.</summary>
    [Fact]
    public async Task In_a_large_log_it_is_named_within_a_pass()
    {
        _database.Watch = new WatchOptions { Small = 512, Entries = 512, Fresh = 512, Searched = 0 };
        await RecordAsync(_tenant, 3000);
        for (var run = 0; run < 8; run++)
            await HoldsAsync();
        await ReplayAsync();
        for (var run = 0; (await RunAsync()).Holds; run++)
            Assert.True(run < 14);
        for (var run = 0; run < 20; run++)
            await FailsAsync("Entries 3000 to 3255 of log", "are entries 0 to 255");
    }

    [Fact]
    public async Task A_copy_under_another_id_in_a_large_log_is_named_within_as_many_passes_as_it_has_parts()
    {
        _database.Watch = new WatchOptions { Small = 4096, Entries = 100_000, Fresh = 512 };
        await RecordAsync(_tenant, 20_000);
        await HoldsAsync();
        await using (var attacker = _database.Open(_tenant))
            await attacker.ExecuteAsync(
                "select audit.append($1, $2, leaves[3:3], sealed[3:3]) from (select * from audit.entries where tenant_id = $1 order by append_id limit 1) as first",
                [_tenant.Value, AppendId.At(_database.Time.GetUtcNow()).Value], Cancellation);
        await _database.SequenceAsync(Cancellation);
        for (var run = 0; (await RunAsync()).Holds; run++)
            Assert.True(run < 2 * LeafSample.PartsOf(20_001));
        await FailsAsync("Entry 20000 of log", "is entry 2 once more");
    }

    /// <summary>What commits late, after the rows around its own were read, is lawful.</summary>
    [Fact]
    public async Task An_append_that_commits_late_is_none()
    {
        _database.Watch = new WatchOptions { Small = 512, Entries = 512, Fresh = 100_000 };
        await RecordAsync(_tenant, 1000);
        await using var slow = _database.Open(_tenant);
        await slow.BeginAsync(Cancellation);
        await slow.RecordManyAsync([.. Enumerable.Range(0, 600).Select(n => new AuditEvent("order.created", new AuditField("n", $"{n}")))], Cancellation);
        _database.Time.Advance(TimeSpan.FromMinutes(5));
        await RecordAsync(_tenant, 1000);
        for (var run = 0; run < 3; run++)
            await HoldsAsync();
        await slow.CommitAsync(Cancellation);
        await _database.SequenceAsync(Cancellation);
        for (var run = 0; run < 14; run++)
            await HoldsAsync();
    }

    [Fact]
    public async Task In_the_operators_log_and_in_the_roll_up_log_it_is_named()
    {
        await using (var system = _database.Database.Tenant(SystemLog.Scope(Actor.System("test"))))
            await system.RecordAsync(new AuditEvent("staff.signed-in"), Cancellation);
        await _database.SequenceAsync(Cancellation);
        await _database.Get<RollUpWriter>().RollAsync(Cancellation);
        await _database.SequenceAsync(Cancellation);
        await HoldsAsync();
        await SqlAsync(
            $"""
            insert into audit.pending (tenant_id, append_id, hashes)
            select tenant_id, encode(entries, 'hex')::uuid, hashes from audit.tails where tenant_id in ('{SystemLog.Tenant}', '{RollUpLog.Tenant}') and octet_length(entries) = 16 and first_index = 0
            """);
        await _database.SequenceAsync(Cancellation);
        var finding = await RunAsync();
        Assert.Equal(2, finding.Message.Split("is entry 0").Length - 1);
    }

    /// <summary>Behind a pruning: of what is kept, something stands there twice.</summary>
    [Fact]
    public async Task Behind_a_pruning_it_is_named()
    {
        _database.Time.Advance(TimeProvider.System.GetUtcNow() - _database.Time.GetUtcNow());
        await _database.AppendAtAsync(_tenant, 800, _database.Time.GetUtcNow().AddDays(-181), Cancellation);
        await using (var session = _database.Open(_tenant))
            await session.PruneAsync(512, Cancellation);
        await HoldsAsync();
        await SqlAsync(Replay.Replace("b.bundle = 0", "b.bundle = 2", StringComparison.Ordinal));
        await _database.SequenceAsync(Cancellation);
        await FailsAsync("are entries 512 to 767", "once more");
        Assert.Contains((await VerifyAsync()).Findings, finding => finding is { Kind: FindingKind.Repeated, CopyOf: 512 });
    }

    private async Task ReplayAsync()
    {
        await SqlAsync(Replay);
        await _database.SequenceAsync(Cancellation);
    }

    private async Task RecordAsync(TenantId tenant, int count)
    {
        await using var session = _database.Open(tenant);
        await session.RecordManyAsync([.. Enumerable.Range(0, count).Select(n => new AuditEvent("order.created", new AuditField("n", $"{n}")))], Cancellation);
        await _database.SequenceAsync(Cancellation);
    }

    private Task SqlAsync(string sql) => AuditDatabase.RunAsync(_database.Superuser, sql);

    private async Task<ExportReport> VerifyAsync()
    {
        await using var export = await TakenExport.OfAsync(_database, _tenant, null, Cancellation);
        return await ExportVerifier.VerifyAsync(export, new ExportTrust(), Cancellation);
    }

    private async Task HoldsAsync()
    {
        var finding = await RunAsync();
        Assert.True(finding.Holds, finding.Message);
    }

    private async Task FailsAsync(params string[] parts)
    {
        var finding = await RunAsync();
        Assert.False(finding.Holds, finding.Message);
        Assert.All(parts, part => Assert.Contains(part, finding.Message, StringComparison.Ordinal));
    }

    private Task<Finding> RunAsync() => _database.Check<ImmutableCheck>().RunAsync(null!, Cancellation);
}
