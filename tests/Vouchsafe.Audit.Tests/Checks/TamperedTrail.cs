using System.Net;
using Vouchsafe.Audit.Checks;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Tests.Databases;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Transparency.Entries;
using Vouchsafe.Transparency.Trees;
using Xunit;

namespace Vouchsafe.Audit.Tests.Checks;

/// <summary>What somebody with a superuser's rights and the key store can do to logs that agree with themselves, and audit.immutable must name.</summary>
public sealed class TamperedTrail : IAsyncLifetime
{
    private readonly AuditDatabase _database = new();
    private TenantId _tenant;
    private Guid _person;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _database.InitializeAsync();
        (_tenant, _person) = (_database.NewTenant(), Guid.CreateVersion7(_database.Time.GetUtcNow()));
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task A_forged_pruning_is_named()
    {
        await RecordAsync(_tenant, 1100);
        await HoldsAsync();
        await SqlAsync(
            """
            delete from audit.tiles where level = 0 and tile < 4;
            delete from audit.entries e using audit.bundles b, generate_series(0, 255) i
            where b.bundle < 4 and e.tenant_id = b.tenant_id
              and e.append_id = encode(overlay(substr(b.entries, 16 * i + 1, 16) placing '\x00'::bytea from 16), 'hex')::uuid;
            delete from audit.bundles where bundle < 4;
            update audit.heads set pruned_to = 1024
            """);
        await FailsAsync("records no such pruning");
    }

    [Fact]
    public async Task A_pruning_of_old_entries_holds_to_its_record()
    {
        await OldEntriesAsync(-181);
        await using var session = _database.Open(_tenant);
        await session.PruneAsync(512, Cancellation);
        await HoldsAsync();
        await SqlAsync("delete from audit.tiles where level = 0 and tile = 2; update audit.heads set pruned_to = 768; delete from audit.bundles where bundle = 2");
        await FailsAsync("768 entries", "records no such pruning");
    }

    /// <summary>As somebody would prune who holds the application, and a superuser's rights for what the database refuses.</summary>
    [Fact]
    public async Task A_recorded_pruning_of_young_entries_is_named()
    {
        await OldEntriesAsync(-179);
        await SqlAsync("update audit.settings set youngest_pruned = interval '30 days'");
        await FailsAsync("lets entries go after 30 days");
        await using (var session = _database.Open(_tenant))
            await session.PruneAsync(512, Cancellation);
        await SqlAsync("update audit.settings set youngest_pruned = interval '180 days'");
        await FailsAsync("took entries younger than 180 days");
    }

    [Fact]
    public async Task A_prune_record_without_what_shows_their_age_is_named()
    {
        await OldEntriesAsync(-181);
        await using (var session = _database.Open(_tenant))
        {
            var (writer, entries) = (_database.Get<TrailWriter>(), _database.Get<EntryBuilder>());
            var head = (await TenantLog.HeadAsync(session, Cancellation))!;
            var frozen = await new ProofBuilder(new TenantTiles(session), head.Size).FrozenAsync(512, Cancellation);
            var record = entries.BuildPrune(writer.Draft(session, new AuditEvent(EntryBuilder.PruneEvent)), 512, frozen);
            var (append, _) = writer.Prepare(session, [record.Leaf], [record.Payload]);
            await session.ExecuteBatchAsync([new("select audit.prune($1, $2)", _tenant.Value, 512L), append], Cancellation);
        }

        await FailsAsync("doesn't show how old they were");
    }

    [Fact]
    public async Task Damage_in_a_large_log_stays_known_while_other_parts_are_read()
    {
        _database.Watch = new WatchOptions { Small = 512, Entries = 512, Fresh = 100_000 };
        await RecordAsync(_tenant, 3000);
        for (var n = 0; n < 8; n++)
            await HoldsAsync();
        await SqlAsync("update audit.entries set sealed[8] = '' where append_id = (select append_id from audit.entries order by 1 offset 6 limit 1)");
        // Within a pass, 512 entries a run, it is found; and never lost again.
        var runs = 0;
        while ((await RunAsync()).Holds)
            Assert.True(++runs <= 6);
        for (var n = 0; n < 8; n++)
            await FailsAsync("Values of entry 1543");
        var finding = await RunAsync();
        Assert.Equal(6, (int)finding.Seen["runs"]!);
    }

    [Fact]
    public async Task Blanked_values_of_an_old_entry_are_named()
    {
        await RecordAsync(_tenant, 1100);
        await HoldsAsync();
        await SqlAsync("update audit.entries set sealed[8] = '' where append_id = (select append_id from audit.entries order by 1 limit 1)");
        await FailsAsync("Values of entry 7", "are missing");
    }

    [Fact]
    public async Task A_tombstone_without_a_recorded_erasure_is_named()
    {
        await ActAsync(_tenant);
        await HoldsAsync();
        _database.Get<KeyRing>().Destroy(KeyName.OfSubject(_tenant.Value, _person));
        await FailsAsync("records no erasure");
    }

    [Fact]
    public async Task A_recorded_erasure_is_lawful_before_it_has_an_index()
    {
        await ActAsync(_tenant);
        await HoldsAsync();
        await using (var session = _database.Open(_tenant))
            await session.EraseAsync(_person, [], Cancellation);
        await HoldsAsync();
    }

    [Fact]
    public async Task A_damaged_log_hides_no_other()
    {
        var other = _database.NewTenant();
        await RecordAsync(_tenant, 300);
        await RecordAsync(other, 300);
        await HoldsAsync();
        var logs = new[] { await LogAsync(_tenant), await LogAsync(other) };
        await SqlAsync($"update audit.entries set leaves[3] = set_byte(leaves[3], 60, 255 - get_byte(leaves[3], 60)) where tenant_id = '{_tenant}'");
        foreach (var table in new[] { "entries", "tiles", "bundles", "tails", "heads", "logs" })
            await SqlAsync($"delete from audit.{table} where tenant_id = '{other}'");
        await FailsAsync(logs);
    }

    [Theory]
    [InlineData("insert into audit.bundles select tenant_id, 9, entries from audit.bundles limit 1")]
    [InlineData("insert into audit.tiles select tenant_id, 0, 9, hashes from audit.tiles where level = 0 limit 1")]
    [InlineData("insert into audit.tiles select tenant_id, 3, 0, hashes from audit.tiles where level = 0 limit 1")]
    [InlineData("update audit.tiles set hashes = hashes || hashes where level = 1")]
    [InlineData("insert into audit.tails select tenant_id, 700, entries, hashes from audit.tails limit 1")]
    [InlineData("update audit.entries set leaves = leaves || leaves[1], sealed = sealed || sealed[1] where append_id = (select append_id from audit.entries order by 1 desc limit 1)")]
    public async Task What_stands_beside_a_log_is_named(string sabotage)
    {
        await RecordAsync(_tenant, 600);
        await HoldsAsync();
        await SqlAsync(sabotage);
        await FailsAsync("beside");
    }

    [Fact]
    public async Task A_row_beside_a_large_log_is_named()
    {
        await RecordAsync(_tenant, 20_000);
        await HoldsAsync();
        await SqlAsync("insert into audit.entries (tenant_id, append_id, leaves, sealed) select tenant_id, '01900000-0000-7000-8000-000000000000', leaves, sealed from audit.entries limit 1");
        await FailsAsync("beside");
    }

    [Fact]
    public async Task An_altered_upper_tile_is_named()
    {
        await RecordAsync(_tenant, 66_000);
        await HoldsAsync();
        await SqlAsync("update audit.tiles set hashes = set_byte(hashes, 3, 255 - get_byte(hashes, 3)) where level = 1 and tile = 0");
        await FailsAsync("hashes");
    }

    /// <summary>800 entries of so many days before now, by the database's clock and ours.</summary>
    private async Task OldEntriesAsync(int days)
    {
        _database.Time.Advance(TimeProvider.System.GetUtcNow() - _database.Time.GetUtcNow());
        await _database.AppendAtAsync(_tenant, 800, _database.Time.GetUtcNow().AddDays(days), Cancellation);
        await HoldsAsync();
    }

    private async Task ActAsync(TenantId tenant)
    {
        await using var session = _database.Database.Tenant(new TenantScope(tenant, Actor.User(_person), OwnerReach.All, IPAddress.Parse("203.0.113.5")));
        await session.RecordAsync(new AuditEvent("order.created"), Cancellation);
        await _database.SequenceAsync(Cancellation);
    }

    private async Task RecordAsync(TenantId tenant, int count)
    {
        await using var session = _database.Open(tenant);
        await session.RecordManyAsync([.. Enumerable.Range(0, count).Select(n => new AuditEvent("order.created", new AuditField("n", $"{n}")))], Cancellation);
        await _database.SequenceAsync(Cancellation);
    }

    private async Task<string> LogAsync(TenantId tenant)
    {
        await using var session = _database.Open(tenant);
        return (await TenantLog.HeadAsync(session, Cancellation))!.LogId.ToString("N");
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
        Assert.All(parts, part => Assert.Contains(part, finding.Message, StringComparison.Ordinal));
    }

    private Task<Finding> RunAsync() => _database.Check<ImmutableCheck>().RunAsync(null!, Cancellation);
}
