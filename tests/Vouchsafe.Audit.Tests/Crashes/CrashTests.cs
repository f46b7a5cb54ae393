using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Vouchsafe.Audit.Checks;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Sequencing;
using Vouchsafe.Audit.Tests.Logs;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Postgres.Cluster;
using Vouchsafe.Postgres.Migrations;
using Vouchsafe.Postgres.Roles;
using Vouchsafe.Postgres.Sealing;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Testing.Databases;
using Vouchsafe.Transparency.Entries;
using Xunit;

namespace Vouchsafe.Audit.Tests.Crashes;

/// <summary>
/// kill -9 of the writing process, of PostgreSQL, and of the process at each step of the sequencer, again and again on one
/// log: each write that was acknowledged and its entry are there, nothing is there twice, and the log verifies.
/// </summary>
public sealed class CrashTests : IAsyncLifetime, IContextKeys
{
    private const string Database = "crash";
    private static readonly TenantId Tenant = new(Guid.Parse("00000000-0000-7000-8000-00000000dead"));

    private readonly string _folder = TestCluster.NewFolder();
    private readonly string _keys = TestCluster.NewFolder();
    private readonly HashSet<int> _acknowledged = [];
    private PrivateCluster? _cluster;
    private DatabaseOptions? _options;
    private int _next;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public byte[] Derive(short id) => [.. Enumerable.Repeat((byte)7, 32)];

    public async ValueTask InitializeAsync()
    {
        await StartServerAsync();
        await new Migrator([MigrationSource.Core, AuditServices.Migrations], this, TimeProvider.System).RunAsync(_options!.Owner, Cancellation);
        await TestDatabase.RunAsync(_options.Owner,
            "create schema crash; create table crash.writes (tenant_id uuid not null, n integer not null, primary key (tenant_id, n)); call vouchsafe.tenant_table('crash.writes', 'select,insert')");
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        Directory.Delete(_keys, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Whatever_is_killed_acknowledged_writes_and_their_entries_stay_and_the_log_verifies()
    {
        for (var round = 0; round < 6; round++)
        {
            await WriteAsync(_ => true, atLeast: 40);
            await VerifyAsync();
        }

        // The same log goes on in strict mode, and back again.
        for (var round = 0; round < 4; round++)
        {
            await WriteAsync(_ => true, atLeast: 40, strict: round % 2 == 0);
            await VerifyAsync();
        }

        foreach (var step in Enum.GetValues<SequencerStep>())
        {
            await WriteAsync(_ => false, step, time: 3);
            await VerifyAsync();
        }

        for (var round = 0; round < 7; round++)
        {
            await WriteAsync(_ => KillServer(), atLeast: 40, strict: round > 4);
            await StartServerAsync();
            await VerifyAsync();
        }

        Assert.True(_acknowledged.Count > 500, $"{_acknowledged.Count} writes were acknowledged");
    }

    /// <summary>Lets a process write until enough was acknowledged and then kills something, or until it kills itself.</summary>
    private async Task WriteAsync(Func<Process, bool> kill, SequencerStep? step = null, int time = 0, int atLeast = int.MaxValue, bool strict = false)
    {
        var dll = Path.Combine(AppContext.BaseDirectory, "Vouchsafe.Audit.CrashWriter.dll");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            "exec", dll, _options!.Port.ToString(CultureInfo.InvariantCulture), Database, _options.AppPassword, _options.PlatformPassword, _keys,
            Convert.ToHexString(Derive(1)), Tenant.ToString(), _next.ToString(CultureInfo.InvariantCulture),
            .. strict ? new[] { "strict" } : [], .. step is { } at ? new[] { at.ToString(), time.ToString(CultureInfo.InvariantCulture) } : [],
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(Cancellation);
        var written = 0;
        while (await process.StandardOutput.ReadLineAsync(Cancellation) is { } line)
        {
            // A line that was cut off by the kill was still written after the commit; only a whole one is counted.
            if (!int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var n) || n < _next)
                continue;
            _acknowledged.Add(n);
            _next = n + 1;
            if (++written == atLeast && kill(process))
                process.Kill();
        }

        await process.WaitForExitAsync(Cancellation);
        Assert.True(written > 0, $"The writer wrote nothing: {await errors}");
        await EndBackendsAsync();
        // The number in flight may be there: the next writer begins behind it.
        _next += 2;
    }

    private bool KillServer()
    {
        using var postmaster = Process.GetProcessById(_cluster!.ProcessId);
        postmaster.Kill();
        return false;
    }

    /// <summary>
    /// Ends what the killed process's backends were still doing: a commit that was under way when its client died would
    /// otherwise land while the log is being verified.
    /// </summary>
    private async Task EndBackendsAsync()
    {
        try
        {
            await TestDatabase.ScalarAsync(_cluster!.Superuser(Database),
                "select count(pg_terminate_backend(pid, 30000)) from pg_stat_activity where usename in ('vouchsafe_app', 'vouchsafe_platform')");
        }
        catch (NpgsqlException)
        {
            // The server was what was killed: its backends went with it.
        }
    }

    private async Task StartServerAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        // Flushing, unlike other tests' servers: what a commit promises is the subject.
        _cluster = await PrivateCluster.StartAsync(new ClusterOptions { Folder = _folder }, Cancellation);
        _options = await _cluster.EnsureDatabaseAsync(Database, Cancellation);
    }

    private async Task VerifyAsync()
    {
        await using var database = new Database(_options!, this, TimeProvider.System);
        var ring = new KeyRing(new FolderKeyStore(_keys), TimeProvider.System);
        using var sequencer = new Sequencer(database, new LogIdentities(ring), new SequencerOptions(), TimeProvider.System);
        while (await sequencer.RunRoundAsync(Cancellation) is not 0)
        {
        }

        Assert.Empty(sequencer.Damaged);
        await using var session = database.Tenant(TestDatabase.ScopeOf(Tenant));
        var head = (await TenantLog.HeadAsync(session, Cancellation))!;
        var opener = new EntryOpener(ring);
        await WholeLog.AssertAsync(session, opener, Cancellation);

        var writes = (await session.ListAsync("select n from crash.writes where tenant_id = $1", [Tenant.Value], row => row.GetInt32(0), Cancellation)).ToHashSet();
        var entries = new List<int>();
        await foreach (var entry in TenantLog.EntriesAsync(session, 0, head.Size, Cancellation))
            entries.Add(int.Parse(opener.Open(Tenant.Value, entry.Leaf, entry.Sealed).Fields.Fields.Single().Value, CultureInfo.InvariantCulture));
        Assert.Equal(entries.Count, entries.Distinct().Count());
        Assert.Equal(writes, entries.ToHashSet());
        Assert.Superset(_acknowledged, writes);
    }
}
