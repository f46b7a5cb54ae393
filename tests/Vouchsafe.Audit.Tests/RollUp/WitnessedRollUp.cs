using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Vouchsafe.Audit.Checks;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.RollUp;
using Vouchsafe.Audit.Tests.Databases;
using Vouchsafe.Audit.Tests.Exports;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Cli.Auditing;
using Vouchsafe.Cli.Witnessing;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Testing.Databases;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Exports;
using Vouchsafe.Transparency.Trees;
using Xunit;

namespace Vouchsafe.Audit.Tests.RollUp;

/// <summary>Real logs, rolled up and cosigned by a real witness over HTTP.</summary>
public sealed class WitnessedRollUp : IAsyncLifetime
{
    private static readonly string[] Tables = ["entries", "heads", "tiles", "bundles", "tails", "rolled_up"];
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    private readonly AuditDatabase database = new();
    private readonly string folder = TestCluster.NewFolder();
    private readonly TenantId[] tenants = [new(Guid.Parse("00000000-0000-7000-8000-0000000000a1")), new(Guid.Parse("00000000-0000-7000-8000-0000000000a2"))];
    private WebApplication? server;
    private WitnessOptions? witness;

    public async ValueTask InitializeAsync()
    {
        await database.InitializeAsync();
        foreach (var tenant in tenants) await RecordAsync(tenant, 3);
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null) await server.DisposeAsync();
        await database.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Heads_that_moved_are_rolled_up_once_and_cosigned()
    {
        await StartWitnessAsync();
        await RunAsync();
        var first = await CheckpointAsync();
        Assert.Equal(2, Checkpoint.Parse(first.Text).Head.Size);
        Assert.True(first.IsSignedBy(witness!.Key));
        await RunAsync();
        Assert.Equal(first.ToString(), (await CheckpointAsync()).ToString());
        await RecordAsync(tenants[1], 1);
        await RunAsync();
        var next = await CheckpointAsync();
        Assert.Equal(3, Checkpoint.Parse(next.Text).Head.Size);
        Assert.True(next.IsSignedBy(witness.Key));
    }

    [Fact]
    public async Task The_roll_up_log_tells_nothing_of_tenants()
    {
        await RunAsync();
        var leaves = (byte[][])(await TestDatabase.ScalarAsync(database.Superuser, "select leaves from audit.entries where tenant_id = $1", RollUpLog.Tenant.Value))!;
        Assert.Equal(2, leaves.Length);
        Assert.All(leaves, leaf => Assert.Equal((33, RollUpLeaf.Version), (leaf.Length, leaf[0])));
        // The same head with another salt is another leaf: nobody can try heads out.
        var head = await HeadAsync(tenants[0]);
        var text = new Checkpoint(database.Get<CheckpointSigner>().Origin(head.LogId), head.Tree).ToText();
        Assert.DoesNotContain(leaves, leaf => leaf.AsSpan().SequenceEqual(RollUpLeaf.Build(new byte[16], text)));
        var salt = (byte[])(await TestDatabase.ScalarAsync(database.Superuser, "select salt from audit.rolled_up where tenant_id = $1", tenants[0].Value))!;
        Assert.Contains(leaves, leaf => leaf.AsSpan().SequenceEqual(RollUpLeaf.Build(salt, text)));
    }

    [Fact]
    public async Task An_export_proves_that_its_checkpoint_was_rolled_up_and_witnessed()
    {
        await StartWitnessAsync();
        await RunAsync();
        await RecordAsync(tenants[0], 1);
        var (code, text) = await VerifyAsync(tenants[0], witness!.Key);
        Assert.Equal((0, true), (code, text.Contains(", as given, holds this checkpoint", StringComparison.Ordinal)));
        Assert.Contains("witnessed by 1 of 1", text, StringComparison.Ordinal);
        // A witness that never saw it.
        var other = NoteSigner.Witness("other.example", new Vouchsafe.Cryptography.Signatures.Ed25519SigningKey(new byte[32]), database.Time).Verifier;
        (code, text) = await VerifyAsync(tenants[0], other);
        Assert.Equal(1, code);
        Assert.Contains("witnessed by 0 of 1", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_says_when_each_witness_cosigned_and_too_long_ago_or_in_the_future_is_not_enough()
    {
        await StartWitnessAsync();
        await RunAsync();
        var at = database.Time.GetUtcNow();
        var file = await ExportAsync(tenants[0]);
        var (code, text) = await JudgeAsync(file, TimeSpan.FromHours(1), at.AddMinutes(59));
        Assert.Equal(0, code);
        Assert.Contains($"witness.example: cosigned at {at:yyyy-MM-dd HH:mm:ss}Z", text, StringComparison.Ordinal);
        (code, text) = await JudgeAsync(file, TimeSpan.FromHours(1), at.AddMinutes(61));
        Assert.Equal(1, code);
        Assert.Contains("longer ago than --max-age allows", text, StringComparison.Ordinal);
        // By this machine's clock the witness cosigned tomorrow.
        (code, text) = await JudgeAsync(file, null, at.AddDays(-1));
        Assert.Equal(1, code);
        Assert.Contains("witness.example: no cosignature, or one dated in the future", text, StringComparison.Ordinal);

        async Task<(int, string)> JudgeAsync(string export, TimeSpan? maxAge, DateTimeOffset now)
        {
            using var output = new StringWriter();
            var clock = new Testing.Time.FakeTimeProvider(now);
            return (await AuditCommand.RunAsync(new(export, null, [], false, [witness!.Key.ToString()], maxAge, RollUp: await RollUpKeyAsync()), Console.OpenStandardInput, output, output, clock, Stop), output.ToString());
        }
    }

    [Fact]
    public async Task A_witness_that_is_away_holds_nobody_up_and_is_told()
    {
        witness = new WitnessOptions(new Uri($"http://127.0.0.1:{FreePort()}"), NoteSigner.Witness("away.example", new Vouchsafe.Cryptography.Signatures.Ed25519SigningKey(new byte[32]), database.Time).Verifier);
        await RunAsync();
        Assert.Single((await CheckpointAsync()).Signatures);
        var seen = Assert.Single((await database.Get<WitnessStore>().AllAsync(Stop)).Values);
        Assert.Equal((false, 0L), (seen.Contradicts, seen.Size));
        Assert.Contains("couldn't be asked", seen.Trouble, StringComparison.Ordinal);
        Assert.True((await RunCheckAsync()).Holds);
    }

    [Fact]
    public async Task A_database_that_was_restored_is_contradicted_by_the_witness_and_the_check_says_so()
    {
        await StartWitnessAsync();
        await RunAsync();
        await BackUpAsync();
        await RecordAsync(tenants[0], 5);
        await RunAsync();
        await RestoreAsync();
        // Somebody also wipes what this instance remembers of its witnesses.
        await TestDatabase.RunAsync(database.Superuser, "delete from audit.witnesses");
        await RunAsync();
        var seen = Assert.Single((await database.Get<WitnessStore>().AllAsync(Stop)).Values);
        Assert.True(seen.Contradicts);
        Assert.Contains("an older state was put back", seen.Trouble, StringComparison.Ordinal);
        var finding = await RunCheckAsync();
        Assert.False(finding.Holds);
        Assert.Contains("saw another history", finding.Message, StringComparison.Ordinal);
        // Another history grows to the same size and past it: still contradicted.
        await RecordAsync(tenants[1], 1);
        await RunAsync();
        Assert.True(Assert.Single((await database.Get<WitnessStore>().AllAsync(Stop)).Values).Contradicts);
        await RecordAsync(tenants[1], 1);
        await RunAsync();
        Assert.True(Assert.Single((await database.Get<WitnessStore>().AllAsync(Stop)).Values).Contradicts);
        Assert.DoesNotContain((await CheckpointAsync()).Signatures, signature => signature.Name == witness!.Key.Name);
    }

    [Fact]
    public async Task A_root_rewritten_at_the_size_that_was_cosigned_is_contradicted_without_waiting_for_growth()
    {
        await StartWitnessAsync();
        await RunAsync();
        await TestDatabase.RunAsync(database.Superuser, $"update audit.heads set root = sha256('x') where tenant_id = '{RollUpLog.Tenant}'");
        await NewWitnessing().GatherAsync(Stop);
        var seen = Assert.Single((await database.Get<WitnessStore>().AllAsync(Stop)).Values);
        Assert.True(seen.Contradicts);
        Assert.Contains("another root", seen.Trouble, StringComparison.Ordinal);
    }

    /// <summary>Dying between leaf and salt leaves a leaf nobody opens; the head is rolled up again.</summary>
    [Fact]
    public async Task A_lost_salt_is_made_up_for()
    {
        await RunAsync();
        await TestDatabase.RunAsync(database.Superuser, "delete from audit.rolled_up");
        await RunAsync();
        Assert.Equal(4, Checkpoint.Parse((await CheckpointAsync()).Text).Head.Size);
        Assert.Equal(0, (await VerifyAsync(tenants[0])).Code);
    }

    private Witnessing NewWitnessing() => new(
        database.Database, Logs, database.Get<CheckpointSigner>(), database.Get<WitnessStore>(), database.Get<WitnessClient>(), database.Get<WitnessDisputes>(),
        new AuditOptions { Witnesses = witness is null ? [] : [witness] }, database.Time, NullLogger<Witnessing>.Instance);

    private async Task RunAsync()
    {
        while (await database.Get<RollUpWriter>().RollAsync(Stop) > 0)
        {
        }
        await database.SequenceAsync(Stop);
        await NewWitnessing().GatherAsync(Stop);
    }

    private async Task<SignedNote> CheckpointAsync() => (await NewWitnessing().CheckpointAsync(Stop))!;

    private Task<Vouchsafe.Claims.Checks.Finding> RunCheckAsync() => database.Check<ImmutableCheck>().RunAsync(null!, Stop);

    private RollUpLogs Logs => database.Get<RollUpLogs>();

    private async Task<LogHead> HeadAsync(TenantId tenant)
    {
        await using var session = database.Open(tenant);
        return (await TenantLog.HeadAsync(session, Stop))!;
    }

    /// <summary>As a reader pins it: witnesses cosign the logs of many people.</summary>
    private async Task<string> RollUpKeyAsync() =>
        database.Get<CheckpointSigner>().Verifier(database.Get<LogIdentities>().Of((await Logs.PresentAsync(Stop)).Tenant)).ToString();

    private async Task<string> ExportAsync(TenantId tenant)
    {
        var prover = new RollUpProver(database.Database, Logs, database.Get<RollUpWriter>(), database.Get<TrailReader>(), NewWitnessing(), database.Get<CheckpointSigner>());
        var export = new Vouchsafe.Audit.Export.TrailExport(database.Get<Vouchsafe.Transparency.Entries.EntryOpener>(), database.Get<CheckpointSigner>(), database.Get<TrailReader>(), prover);
        var file = Path.Combine(folder, "export.json");
        await using (var taken = await TakenExport.OfAsync(database, tenant, null, Stop, export))
            await File.WriteAllBytesAsync(file, taken.ToArray(), Stop);
        return file;
    }

    private async Task<(int Code, string Text)> VerifyAsync(TenantId tenant, params NoteVerifier[] witnesses)
    {
        var file = await ExportAsync(tenant);
        using var output = new StringWriter();
        var code = await AuditCommand.RunAsync(new(file, null, [], false, [.. witnesses.Select(key => key.ToString())], RollUp: await RollUpKeyAsync()), Console.OpenStandardInput, output, output, TimeProvider.System, Stop);
        return (code, output.ToString());
    }

    private async Task RecordAsync(TenantId tenant, int count)
    {
        database.Time.Advance(TimeSpan.FromSeconds(1));
        await using var session = database.Open(tenant);
        await session.RecordManyAsync([.. Enumerable.Range(0, count).Select(n => new AuditEvent("order.created", new AuditField("number", $"{n}")))], Stop);
        await database.SequenceAsync(Stop);
    }

    private async Task StartWitnessAsync()
    {
        await RunAsync();
        var log = await new RollUpReader(database.Database, Logs, database.Get<TrailReader>(), NewWitnessing(), database.Get<OperatorHead>()).VerifierAsync(Stop);
        var keeper = WitnessCommand.Open(Path.Combine(folder, "witness"), "witness.example", [log!.ToString()], database.Time);
        server = WitnessServer.Build(keeper, IPAddress.Loopback, 0);
        await server.StartAsync(Stop);
        witness = new WitnessOptions(new Uri(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()), keeper.Verifier);
    }

    private async Task BackUpAsync()
    {
        await TestDatabase.RunAsync(database.Superuser, "create schema backup");
        foreach (var table in Tables) await TestDatabase.RunAsync(database.Superuser, $"create table backup.{table} as select * from audit.{table}");
    }

    private async Task RestoreAsync()
    {
        foreach (var table in Tables) await TestDatabase.RunAsync(database.Superuser, $"delete from audit.{table}; insert into audit.{table} select * from backup.{table}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
