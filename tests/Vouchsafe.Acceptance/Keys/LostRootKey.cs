using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Vouchsafe.Acceptance.Running;
using Vouchsafe.Audit.Custody;
using Vouchsafe.Audit.RollUp;
using Vouchsafe.Cli.Witnessing;
using Vouchsafe.Cryptography.Signatures;
using Vouchsafe.Postgres.Cluster;
using Vouchsafe.Postgres.Jobs;
using Vouchsafe.Testing.Databases;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Witnessing;
using Xunit;

namespace Vouchsafe.Acceptance.Keys;

/// <summary>The root key is lost for good. Every command of docs/guides/keys.md is run as it stands there.</summary>
public sealed partial class LostRootKey() : RunningApplication("fluxi", 1, Witnesses)
{
    private const string Origin = "old.example/audit/log";
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;
    private static readonly int Port = NewPort();
    private static readonly Ed25519SigningKey WitnessKey = new(Enumerable.Repeat((byte)9, 32).ToArray());
    private static readonly NoteSigner Signer = NoteSigner.Witness("witness.example", WitnessKey, TimeProvider.System);

    private readonly string _folder = TestCluster.NewFolder();

    private static (string, string)[] Witnesses =>
        [("Audit:Origin", Origin), ("Audit:Witnesses:0:Url", $"http://127.0.0.1:{Port}"), ("Audit:Witnesses:0:Key", Signer.Verifier.ToString())];

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Every_step_of_the_guide_leads_to_an_installation_that_says_where_the_old_log_ended()
    {
        Directory.CreateDirectory(_folder);
        var log = (await Services.GetRequiredService<RollUpReader>().VerifierAsync(Stop) ?? await FirstRoundAsync())!;
        var witness = new Witness([log], new WitnessFolder(Path.Combine(_folder, "witness")), Signer);
        await using var served = WitnessServer.Build(witness, IPAddress.Loopback, Port);
        await served.StartAsync(Stop);
        await RollUpAsync();
        var cosigned = Checkpoint.Parse(witness.Latest(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(log.Name))))!.Text);

        var beside = Settings(await Cluster.EnsureDatabaseAsync("acceptance", Stop), "new.example/audit/log");
        var keys = Path.Combine(Cluster.Folder, "application", "keys");
        var forgotten = Path.Combine(_folder, "forgotten");
        Directory.CreateDirectory(forgotten);
        File.Copy(Path.Combine(keys, "root.key"), Path.Combine(forgotten, "root.key"));
        await StopNodesAsync();
        Directory.Delete(keys, recursive: true);

        var steps = Fence().Matches(await File.ReadAllTextAsync(Guide(), Stop)).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(5, steps.Count);
        var superuser = new NpgsqlConnectionStringBuilder(Cluster.Superuser("acceptance"));
        var old = new Dictionary<string, string>
        {
            ["SEARCH"] = _folder, ["OLD"] = "acceptance", ["ORIGIN"] = Origin, ["WITNESS"] = $"http://127.0.0.1:{Port}",
            ["PGHOST"] = superuser.Host!, ["PGPORT"] = superuser.Port.ToString(CultureInfo.InvariantCulture), ["PGUSER"] = superuser.Username!, ["PGPASSWORD"] = superuser.Password ?? "",
        };
        // 1: a copy that somebody forgot would be found.
        Assert.Contains("forgotten/root.key", (await RunAsync(steps[0], old)).Said, StringComparison.Ordinal);
        // 2, 3: the evidence.
        foreach (var step in steps[1..3])
        {
            var (code, said) = await RunAsync(step, old);
            Assert.True(code == 0, $"{step}\n{said}");
        }
        Assert.Equal("25006", (await Assert.ThrowsAsync<PostgresException>(() => TestDatabase.RunAsync(Cluster.Superuser("acceptance"), "delete from audit.heads"))).SqlState);
        Assert.True(new FileInfo(Path.Combine(_folder, "old-audit.dump")).Length > 0);
        Assert.Equal(cosigned.Head, Checkpoint.Parse(SignedNote.Parse(await File.ReadAllBytesAsync(Path.Combine(_folder, "last-checkpoint"), Stop)).Text).Head);

        // 4: neither the old database nor the old name.
        var fresh = Settings(await Cluster.EnsureDatabaseAsync("fresh", Stop), "new.example/audit/log");
        var (refused, why) = await RunAsync(steps[3], beside);
        Assert.True(refused != 0, "A root key was made beside the old data.");
        Assert.Contains("a new root key would open nothing", why, StringComparison.Ordinal);
        var (migrated, how) = await RunAsync(steps[3], fresh);
        Assert.True(migrated == 0, how);

        // 5: refused under the old name and without a witness's word, recorded otherwise.
        var (same, sameSaid) = await RunAsync(steps[4], new(fresh) { ["Vouchsafe__Audit__Origin"] = Origin });
        Assert.True(same == 1 && sameSaid.Contains("another Vouchsafe:Audit:Origin", StringComparison.Ordinal), sameSaid);
        var stranger = NoteSigner.Witness("witness.example", new Ed25519SigningKey(new byte[32]), TimeProvider.System).Verifier.ToString();
        var (unproven, unprovenSaid) = await RunAsync(steps[4], new(fresh) { ["Vouchsafe__Audit__Witnesses__0__Key"] = stranger });
        Assert.True(unproven == 1 && unprovenSaid.Contains("None of the witnesses", StringComparison.Ordinal), unprovenSaid);
        var (declared, printed) = await RunAsync(steps[4], fresh);
        Assert.True(declared == 0, printed);
        Assert.Contains($"{log.Name} ended with {cosigned.Head.Size} leaves, cosigned by witness.example", printed, StringComparison.Ordinal);
        Assert.Contains(RootKeyLoss.Event, printed, StringComparison.Ordinal);
        // The sequencer wasn't running; the entry stands there all the same.
        Assert.Equal(1L, await TestDatabase.ScalarAsync(
            Cluster.Superuser("fresh"), "select count(*) from audit.pending where tenant_id = '00000000-0000-7000-8000-000000000001'"));
    }

    private async Task<NoteVerifier?> FirstRoundAsync()
    {
        await RollUpAsync();
        return await Services.GetRequiredService<RollUpReader>().VerifierAsync(Stop);
    }

    private async Task RollUpAsync()
    {
        var job = Services.GetServices<IJob>().Single(job => job.Name == "audit.roll-up");
        await job.RunAsync(Services.GetRequiredService<JobRunner>().ContextOf(job), Stop);
    }

    private Dictionary<string, string> Settings(Vouchsafe.Postgres.Roles.DatabaseOptions database, string origin) => new()
    {
        ["APPLICATION"] = Assembly.Load("Backoffice").Location,
        ["OWNER_PASSWORD"] = database.OwnerPassword!,
        ["REASON"] = "disk failure; no copy of the key store",
        ["Vouchsafe__Posture"] = "fluxi",
        ["Vouchsafe__Database__Host"] = database.Host,
        ["Vouchsafe__Database__Port"] = database.Port.ToString(CultureInfo.InvariantCulture),
        ["Vouchsafe__Database__Name"] = database.Name,
        ["Vouchsafe__Database__AppPassword"] = database.AppPassword,
        ["Vouchsafe__Database__PlatformPassword"] = database.PlatformPassword,
        ["Vouchsafe__Keys__Folder"] = Path.Combine(_folder, "keys"),
        ["Vouchsafe__Edge__CertificateFolder"] = Path.Combine(_folder, "certificate"),
        ["Vouchsafe__Mail__Mailbox"] = "true",
        ["Vouchsafe__Audit__Origin"] = origin,
        ["Vouchsafe__Audit__Witnesses__0__Url"] = $"http://127.0.0.1:{Port}",
        ["Vouchsafe__Audit__Witnesses__0__Key"] = Signer.Verifier.ToString(),
        ["DOTNET_ENVIRONMENT"] = "Testing",
    };

    private async Task<(int Code, string Said)> RunAsync(string script, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("bash") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder };
        start.ArgumentList.Add("-euc");
        start.ArgumentList.Add(script);
        foreach (var (key, value) in environment) start.Environment[key] = value;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(Stop), process.StandardError.ReadToEndAsync(Stop));
        await process.WaitForExitAsync(Stop);
        return (process.ExitCode, await output + await error);
    }

    private static string Guide()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Vouchsafe.slnx")))
                return Path.Combine(folder.FullName, "docs", "guides", "keys.md");
        throw new DirectoryNotFoundException("Vouchsafe.slnx is in no folder above the tests.");
    }

    private static int NewPort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex("^```sh\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
