using Vouchsafe.Audit.Checks;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Receipts;
using Vouchsafe.Audit.Restores;
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

namespace Vouchsafe.Audit.Tests.Restores;

/// <summary>A backup of the trail is put back: the check is red until somebody answers for it, and the answer stands in the operator's log.</summary>
public sealed class AcceptedRestore : IAsyncLifetime
{
    private const string Backup =
        """
        create schema backup;
        do $$ declare t record; begin
          for t in select tablename from pg_tables where schemaname = 'audit' loop
            execute format('create table backup.%1$I as select * from audit.%1$I', t.tablename);
          end loop;
        end $$
        """;

    private const string Restore =
        """
        set session_replication_role = replica;
        do $$ declare t record; begin
          for t in select tablename from pg_tables where schemaname = 'audit' loop
            execute format('delete from audit.%1$I', t.tablename);
            execute format('insert into audit.%1$I select * from backup.%1$I', t.tablename);
          end loop;
        end $$
        """;

    private readonly AuditDatabase _database = new();
    private readonly TenantId _tenant = new(Guid.Parse("00000000-0000-7000-8000-0000000000ab"));
    private readonly string _memory = TestCluster.NewFolder();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _database.InitializeAsync();
        await AppendAsync(300);
        Assert.True((await CheckAsync()).Holds);
        await TestDatabase.RunAsync(_database.Superuser, Backup);
        await AppendAsync(20);
        Assert.True((await CheckAsync()).Holds);
        await TestDatabase.RunAsync(_database.Superuser, Restore);
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_memory, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Is_green_again_and_says_in_the_operators_log_what_was_lost()
    {
        Assert.Contains("had 320 entries and has 300", (await CheckAsync()).Message, StringComparison.Ordinal);

        var lost = Assert.Single(await Acceptance().AcceptAsync("restored the backup of 02:00 after a disk failure", Cancellation), log => log.Had == 320);
        Assert.Equal(300, lost.Has);
        await _database.SequenceAsync(Cancellation);

        var after = await CheckAsync();
        Assert.True(after.Holds, after.Message);
        var entry = await RecordAsync();
        Assert.Contains("disk failure", entry["reason"], StringComparison.Ordinal);
        Assert.Contains(lost.HadRoot, entry["heads"], StringComparison.Ordinal);
        // What comes next continues the restored log.
        await AppendAsync(5);
        Assert.True((await CheckAsync()).Holds);
    }

    [Fact]
    public async Task Is_seen_too_where_other_entries_took_the_place_of_the_lost_ones()
    {
        await AppendAsync(40);
        Assert.Contains("was rewritten", (await CheckAsync()).Message, StringComparison.Ordinal);
        Assert.Contains(await Acceptance().AcceptAsync("restored, and served before anybody looked", Cancellation), log => log is { Had: 320, Has: 340 });
    }

    [Fact]
    public async Task Is_accepted_once_and_never_without_a_reason()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Acceptance().AcceptAsync(" ", Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => Acceptance().AcceptAsync("two\nlines", Cancellation));
        Assert.False((await CheckAsync()).Holds);
        await Acceptance().AcceptAsync("restored", Cancellation);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Acceptance().AcceptAsync("restored", Cancellation));
    }

    private RestoreAcceptance Acceptance() => new(_database.Database, Memory(), new SeenHeads(), _database.Get<EntryOpener>());

    private HeadMemory Memory() => new(new AuditOptions { MemoryFolder = _memory });

    /// <summary>As a node does that has just started.</summary>
    private Task<Finding> CheckAsync() => new ImmutableCheck(
        _database.Database,
        new TrailWatch(
            _database.Database, Memory(), new SeenHeads(), _database.Get<KeyRing>(), _database.Get<EntryOpener>(), _database.Get<EntryBuilder>(),
            _database.Get<TrailReader>(), [], new WatchOptions(), _database.Time),
        _database.Get<WitnessDisputes>(), _database.Get<NodeTrails>(), _database.Get<AuditOptions>()).RunAsync(null!, Cancellation);

    private async Task<VerifiedEntry> RecordAsync()
    {
        await using var session = _database.Open(SystemLog.Tenant);
        var head = (await TenantLog.HeadAsync(session, Cancellation))!;
        await using var log = (await VerifiedLog.OpenAsync(
            _database.Open(SystemLog.Tenant), null, Memory(), _database.Get<EntryOpener>(), _database.Get<CheckpointSigner>(), Cancellation))!;
        var entries = await log.ReadAsync(head.Size - 1 - ((head.Size - 1) % 256), head.Size, Cancellation);
        return entries.Last(entry => entry.Event == RestoreAcceptance.Event);
    }

    private async Task AppendAsync(int count)
    {
        _database.Time.Advance(TimeSpan.FromSeconds(1));
        await using var session = _database.Open(_tenant);
        await session.RecordManyAsync([.. Enumerable.Range(0, count).Select(n => new AuditEvent("order.created", new AuditField("n", $"{n}")))], Cancellation);
        await _database.SequenceAsync(Cancellation);
    }
}
