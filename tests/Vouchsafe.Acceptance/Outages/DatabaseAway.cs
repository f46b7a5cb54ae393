using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Acceptance.Running;
using Vouchsafe.Hosting.Canaries;
using Vouchsafe.Postgres.Cluster;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Acceptance.Outages;

/// <summary>The database dies, stops or starts under load: everybody is told to come back, nobody that something went wrong here, and then it serves again.</summary>
public sealed class DatabaseAway(DatabaseAway.Application running) : IClassFixture<DatabaseAway.Application>
{
    private const int Terminate = 15;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("killed (connections reset, then refused)", Orphans.Kill)]
    [InlineData("stopped at once (57P02)", Orphans.Quit)]
    [InlineData("stopped fast (57P01)", Orphans.Interrupt)]
    [InlineData("stopping while connections last (57P03)", Terminate)]
    public async Task Nobody_gets_a_500(string how, int signal)
    {
        var tenant = await running.Get<ICanaryTenants>().LastingAsync(Stop);
        await using var load = new Load(running.Target.Https, await running.Get<ICanaryCallers>().TokenAsync(tenant, "admin", Stop));
        await load.UntilAsync(answers => Served(answers, load) && answers.Count > 100, Stop);

        Orphans.Signal(running.Cluster.ProcessId, signal);
        // A server that waits for its connections refuses new ones, and these last as long as the pool likes.
        await load.UntilAsync(answers => answers.Count(answer => answer.Status == 503) > (signal == Terminate ? 20 : 200), Stop);
        await running.RestartDatabaseAsync();
        await load.UntilAsync(answers => Served(answers, load), Stop);

        var seen = load.Answers.ToList();
        TestContext.Current.SendDiagnosticMessage($"{how}: {string.Join(", ", seen.CountBy(answer => answer.Status).OrderBy(pair => pair.Key).Select(pair => $"{pair.Value} × {pair.Key}"))}");
        Assert.Empty(seen.Where(answer => answer.Status >= 500 && answer.Status != 503).GroupBy(answer => (answer.What, answer.Status)).Select(group => $"{group.Key.What}: {group.Count()} × {group.Key.Status}"));
        Assert.Empty(seen.Where(answer => answer.Fault is not null).Select(answer => $"{answer.What} {answer.Fault}").Distinct());
    }

    /// <summary>Every kind of request is answered, and none by "come back".</summary>
    private static bool Served(IReadOnlyList<(string What, int Status, string? Fault)> answers, Load load)
    {
        var last = answers.TakeLast(3 * load.Kinds).ToList();
        return last.Count == 3 * load.Kinds && last.All(answer => answer.Status is > 0 and < 500);
    }

    public sealed class Application() : RunningApplication("fluxi", 1)
    {
        public new PrivateCluster Cluster => base.Cluster;

        public T Get<T>() where T : notnull => Services.GetRequiredService<T>();

        /// <summary>As whatever keeps a server alive does it: once the old one is gone, in the same folder and at the same port.</summary>
        public async Task RestartDatabaseAsync()
        {
            var (folder, port) = (base.Cluster.Folder, base.Cluster.Port);
            await base.Cluster.DisposeAsync();
            base.Cluster = await PrivateCluster.StartAsync(new ClusterOptions { Folder = folder, Port = port, ThrowAway = true }, CancellationToken.None);
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            TestCluster.Remove(base.Cluster.Folder);
        }
    }
}
