using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Assurance;
using Vouchsafe.Assurance.Running;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Postgres.Cluster;
using Vouchsafe.Postgres.Jobs;
using Vouchsafe.Postgres.Roles;
using Vouchsafe.Testing.Databases;
using Vouchsafe.Testing.Sabotage;
using Xunit;

namespace Vouchsafe.Acceptance.Running;

/// <summary>Backoffice under one posture: nodes on one database, each on its own ports, with its own Program.</summary>
/// <param name="posture">Its name.</param>
/// <param name="nodeCount">How many there are.</param>
/// <param name="more">Further settings below <c>Vouchsafe:</c>, for the migrating process and for each node.</param>
public abstract class RunningApplication(string posture, int nodeCount = 2, params (string Key, string Value)[] more) : IAsyncLifetime
{
    private static readonly Assembly Application = Assembly.Load("Backoffice");
    private readonly List<EntryPointHost> nodes = [];
    private bool ranRound;

    public Posture Posture => nodes[0].Services.GetRequiredService<Posture>();

    public CheckTarget Target { get; private set; } = null!;

    public SabotageContext Sabotage { get; private set; } = null!;

    /// <summary>Whose database it is; a test that kills it puts the next in its place.</summary>
    private protected PrivateCluster Cluster { get; set; } = null!;

    /// <summary>The control whose check held when it was last run, if nothing else has been done to the application since.</summary>
    internal string? JustSeenGreen { get; set; }

    /// <summary>The first node's services.</summary>
    internal IServiceProvider Services => nodes[0].Services;

    public virtual async ValueTask InitializeAsync()
    {
        Cluster = await StartClusterAsync();
        var database = await Cluster.EnsureDatabaseAsync("acceptance", CancellationToken.None);
        var data = Path.Combine(Cluster.Folder, "application");
        await MigrateAsync(data, database);

        var ports = Enumerable.Range(0, nodeCount).Select(_ => (Https: FreePort(), Http: FreePort())).ToList();
        foreach (var (https, http) in ports)
            nodes.Add(await EntryPointHost.StartAsync(
                Application, [.. Settings(data, database).Append(("Edge:HttpsPort", Text(https))).Append(("Edge:HttpPort", Text(http)))
                    .Append(("Edge:PublicOrigin", $"https://localhost:{Text(ports[0].Https)}"))
                    .Append(("Node:Address", $"https://localhost:{Text(https)}"))
                    .Select(setting => $"--Vouchsafe:{setting.Item1}={setting.Item2}"), "--environment=Testing"],
                AcceptanceServices.Configure, TestContext.Current.CancellationToken));

        var addresses = ports.Select(port => new Uri($"https://localhost:{Text(port.Https)}")).ToList();
        Target = new CheckTarget(addresses[0], new Uri($"http://localhost:{Text(ports[0].Http)}"), addresses, AcceptAnyCertificate: true);
        Sabotage = new SabotageContext(database.Owner, Cluster.Superuser("acceptance"), [.. nodes.Select(node => node.Services)]);
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var node in nodes)
            await node.DisposeAsync();
        if (Cluster is not null)
            await Cluster.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Stops the nodes; the cluster stays.</summary>
    private protected async Task StopNodesAsync()
    {
        foreach (var node in nodes) await node.DisposeAsync();
        nodes.Clear();
    }

    private protected virtual Task<PrivateCluster> StartClusterAsync() => TestCluster.StartAsync(CancellationToken.None);

    /// <summary>Runs a control's check against the running application, as the product does: an exception is a finding.</summary>
    internal async Task<Finding> CheckAsync(string control, CancellationToken cancellationToken)
    {
        var check = Services.GetServices<ICheck>().Single(candidate => candidate.Control == control);
        // The schedule judges the rounds; it is looked at when there was one.
        if (control == AssuranceOptions.Control && !ranRound)
        {
            await RoundAsync(cancellationToken);
            ranRound = true;
        }
        await using var turn = await Services.GetRequiredService<Turns>().TakeAsync(control, cancellationToken);
        try
        {
            return await check.RunAsync(new CheckContext(Target, Posture.Figures(control), Posture, Services.GetRequiredService<TimeProvider>()), cancellationToken);
        }
        catch (Exception broken) when (!cancellationToken.IsCancellationRequested)
        {
            return Finding.Broken($"The check itself broke: {broken}");
        }
    }

    /// <summary>A round of checks and due drills, as the product runs them by itself.</summary>
    internal Task RoundAsync(CancellationToken cancellationToken)
    {
        var round = Services.GetServices<IJob>().Single(job => job.Name == "assurance.checks");
        return round.RunAsync(Services.GetRequiredService<JobRunner>().ContextOf(round), cancellationToken);
    }

    // The migrating process ends itself, so it is a process of its own here too.
    private async Task MigrateAsync(string data, DatabaseOptions database)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(Application.Location);
        foreach (var (key, value) in Settings(data, database).Append(("Migrate", "true")).Append(("Database:OwnerPassword", database.OwnerPassword!)))
            start.Environment["Vouchsafe__" + key.Replace(":", "__", StringComparison.Ordinal)] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"The migration failed:\n{await output}\n{await error}");
    }

    private IEnumerable<(string, string)> Settings(string data, DatabaseOptions database) =>
    [
        ("Posture", posture),
        ("Database:Host", database.Host),
        ("Database:Port", Text(database.Port)),
        ("Database:Name", database.Name),
        ("Database:AppPassword", database.AppPassword),
        ("Database:PlatformPassword", database.PlatformPassword),
        ("Database:MaximumConnections", "20"),
        ("Keys:Folder", Path.Combine(data, "keys")),
        ("Edge:CertificateFolder", Path.Combine(data, "certificate")),
        ("Mail:Mailbox", "true"),
        .. more,
    ];

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
