using Vouchsafe.Audit.Checks;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Receipts;
using Vouchsafe.Audit.RollUp;
using Vouchsafe.Audit.Tests.Databases;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Testing.Databases;
using Vouchsafe.Transparency.Entries;
using Xunit;

namespace Vouchsafe.Audit.Tests.Checks;

/// <summary>Each test alters what a superuser can alter, on the real tables, in a database of its own.</summary>
public sealed class ImmutableCheckTests : IAsyncLifetime
{
    private readonly AuditDatabase _database = new();
    private readonly TenantId _tenant = new(Guid.Parse("00000000-0000-7000-8000-0000000000aa"));
    private readonly string _memory = TestCluster.NewFolder();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _database.InitializeAsync();
        for (var n = 0; n < 12; n++)
            await AppendAsync(30);
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_memory, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_sound_log_holds_again_and_again()
    {
        Assert.Contains("360 entries were read", (await RunAsync()).Message, StringComparison.Ordinal);
        await AppendAsync(7);
        var check = NewCheck();
        for (var n = 0; n < 3; n++)
            Assert.True((await RunAsync(check)).Holds);
    }

    [Theory]
    [InlineData("update audit.entries set leaves[1] = set_byte(leaves[1], 60, 255 - get_byte(leaves[1], 60)) where append_id = (select append_id from audit.entries order by append_id offset 5 limit 1)", "Entry 150 of log", "was edited")]
    [InlineData("delete from audit.entries where append_id = (select append_id from audit.entries order by append_id offset 3 limit 1)", "Entry 90 of log", "was removed")]
    [InlineData("delete from audit.entries where append_id = (select append_id from audit.entries order by 1 desc limit 1)", "Entry 330 of log", "was removed")]
    [InlineData("insert into audit.entries (tenant_id, append_id, leaves, sealed) select tenant_id, 'ffffffff-ffff-7fff-bfff-ffffffffff00', leaves, sealed from audit.entries limit 1", "never was in it", "ffffffff")]
    [InlineData("update audit.entries e set leaves = o.leaves from audit.entries o where e.append_id = (select append_id from audit.entries order by 1 limit 1) and o.append_id = (select append_id from audit.entries order by 1 desc limit 1)", "Entry 0 of log", "was edited")]
    [InlineData("delete from audit.bundles", "bundle of entries 0 to 255", "is gone")]
    [InlineData("delete from audit.tiles where level = 0", "hashes of entries 0 to 255", "gone")]
    [InlineData("update audit.tiles set hashes = set_byte(hashes, 3, 255 - get_byte(hashes, 3)) where level = 0", "The hashes of entries 0 to 255", "altered")]
    [InlineData("update audit.tiles set hashes = set_byte(hashes, 3, 255 - get_byte(hashes, 3)) where level = 1", "don't hash to its root", "")]
    [InlineData("update audit.heads set root = sha256('x')", "don't hash to its root", "")]
    [InlineData("delete from audit.heads", "is gone", "360")]
    [InlineData("update audit.heads set size = 300; delete from audit.tails where first_index >= 300", "was rolled back: it had 360 entries and has 300", "")]
    [InlineData("grant update on audit.entries to vouchsafe_app", "The application's login was not refused: update audit.entries", "")]
    [InlineData("grant delete on audit.entries to vouchsafe_platform", "The platform's login was not refused: delete from audit.entries", "")]
    [InlineData("grant truncate on audit.entries to vouchsafe_app", "truncate", "")]
    public async Task What_a_superuser_does_is_named(string sabotage, string message, string also)
    {
        Assert.True((await RunAsync()).Holds);
        await TestDatabase.RunAsync(_database.Superuser, sabotage);
        // A node that has just started remembers what it verified before.
        var finding = await RunAsync();
        Assert.False(finding.Holds);
        Assert.Contains(message, finding.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(also.Split('|'), part => finding.Message.Contains(part, StringComparison.Ordinal) || part == "");
    }

    [Fact]
    public async Task A_rewritten_history_of_the_same_length_is_seen()
    {
        Assert.True((await RunAsync()).Holds);
        // Everything anew, consistent in itself: other entries, and the sequencer run over them.
        foreach (var table in new[] { "entries", "heads", "tiles", "bundles", "tails" })
            await TestDatabase.RunAsync(_database.Superuser, $"delete from audit.{table}");
        for (var n = 0; n < 12; n++)
            await AppendAsync(30);
        var finding = await RunAsync();
        Assert.False(finding.Holds);
        Assert.Contains("was rewritten", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_log_may_go_whose_tenant_left_and_the_operators_log_says_so(bool recorded)
    {
        await using (var system = _database.Database.Tenant(SystemLog.Scope(Actor.System("test"))))
        {
            await system.RecordAsync(new AuditEvent("operator.acted"), Cancellation);
            await _database.SequenceAsync(Cancellation);
            Assert.True((await RunAsync()).Holds);
            if (recorded)
                await system.CloseAsync(_tenant, [new AuditField("why", "it cancelled")], Cancellation);
            else
                _database.Get<KeyRing>().Destroy(KeyName.OfTenant(_tenant.Value));
        }

        foreach (var table in new[] { "entries", "heads", "tiles", "bundles", "tails", "logs" })
            await TestDatabase.RunAsync(_database.Superuser, $"delete from audit.{table} where tenant_id = '{_tenant}'");
        for (var n = 0; n < 2; n++)
        {
            var finding = await RunAsync();
            Assert.Equal((recorded, finding.Message), (finding.Holds, finding.Message));
            if (!recorded)
                Assert.Contains("doesn't record that the tenant left", finding.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Mended_is_green_again()
    {
        const string swap = "update audit.entries set leaves[1] = set_byte(leaves[1], 60, 255 - get_byte(leaves[1], 60))";
        await TestDatabase.RunAsync(_database.Superuser, swap);
        Assert.False((await RunAsync()).Holds);
        await TestDatabase.RunAsync(_database.Superuser, swap);
        Assert.True((await RunAsync()).Holds);
    }

    private ImmutableCheck NewCheck() => new(
        _database.Database,
        new TrailWatch(
            _database.Database, new HeadMemory(new AuditOptions { MemoryFolder = _memory }), new SeenHeads(), _database.Get<KeyRing>(), _database.Get<EntryOpener>(), _database.Get<EntryBuilder>(),
            _database.Get<TrailReader>(), [], new WatchOptions(), _database.Time),
        _database.Get<WitnessDisputes>(), _database.Get<NodeTrails>(), _database.Get<AuditOptions>());

    private Task<Finding> RunAsync(ImmutableCheck? check = null) => (check ?? NewCheck()).RunAsync(null!, Cancellation);

    private async Task AppendAsync(int count)
    {
        _database.Time.Advance(TimeSpan.FromSeconds(1));
        await using var session = _database.Open(_tenant);
        await session.RecordManyAsync([.. Enumerable.Range(0, count).Select(n => new AuditEvent("order.created", new AuditField("n", $"{n}")))], Cancellation);
        await _database.SequenceAsync(Cancellation);
    }
}
