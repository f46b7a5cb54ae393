using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Acceptance.Running;
using Vouchsafe.Hosting.Canaries;
using Vouchsafe.Postgres.Cluster;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Acceptance.Outages;

/// <summary>
/// The disk under the database fills up: the node says that it isn't ready and answers 503, and is ready again by itself once there is room. On a small file
/// system of its own where this process may mount one (as root); elsewhere the database is made to say that its disk is full (SQLSTATE 53100).
/// </summary>
public sealed class FullDisk(FullDisk.Application running) : IClassFixture<FullDisk.Application>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_node_is_not_ready_until_there_is_room_again()
    {
        var tenant = await running.Get<ICanaryTenants>().LastingAsync(Stop);
        await using var load = new Load(running.Target.Https, await running.Get<ICanaryCallers>().TokenAsync(tenant, "admin", Stop));
        await load.UntilAsync(answers => answers.Any(IsReady), Stop);

        await running.FillAsync();
        await load.UntilAsync(answers => answers.Count(IsNotReady) >= 2, Stop);
        // Still so after a while: it doesn't come and go while the disk is full.
        await load.UntilAsync(answers => answers.Count(answer => answer.What == Readiness) >= 5, Stop);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (HttpStatusCode)load.Answers.Last(answer => answer.What == Readiness).Status);

        await running.MakeRoomAsync();
        await load.UntilAsync(answers => answers.Any(IsReady), Stop);

        var seen = load.Answers.ToList();
        TestContext.Current.SendDiagnosticMessage($"{running.How}: {string.Join(", ", seen.CountBy(answer => answer.Status).OrderBy(pair => pair.Key).Select(pair => $"{pair.Value} × {pair.Key}"))}");
        Assert.Empty(seen.Where(answer => answer.Status >= 500 && answer.Status != 503).GroupBy(answer => (answer.What, answer.Status)).Select(group => $"{group.Key.What}: {group.Count()} × {group.Key.Status}"));
    }

    private const string Readiness = "GET /healthz/ready";

    private static bool IsReady((string What, int Status, string? Fault) answer) => answer is (Readiness, 200, _);

    private static bool IsNotReady((string What, int Status, string? Fault) answer) => answer is (Readiness, 503, _);

    public sealed class Application() : RunningApplication("fluxi", 1)
    {
        private const long Size = 320 * 1024 * 1024;

        private string? _mounted;

        public string How => _mounted is null ? "simulated" : "on a file system of its own";

        public T Get<T>() where T : notnull => Services.GetRequiredService<T>();

        private protected override async Task<PrivateCluster> StartClusterAsync()
        {
            var folder = TestCluster.NewFolder();
            if (await TryAsync("mount", "-t", "tmpfs", "-o", $"size={Size},mode=0755", "tmpfs", folder))
                _mounted = folder;
            return await PrivateCluster.StartAsync(new ClusterOptions { Folder = folder, ThrowAway = true }, CancellationToken.None);
        }

        /// <summary>Leaves no byte for the database.</summary>
        public async Task FillAsync()
        {
            if (_mounted is null)
            {
                await SimulatedFullDisk.FillAsync(Sabotage.Superuser);
                return;
            }

            await using var filler = File.Create(Path.Combine(_mounted, "filler"));
            var some = new byte[64 * 1024];
            try
            {
                while (true)
                    await filler.WriteAsync(some);
            }
            catch (IOException)
            {
                // Full.
            }
        }

        public async Task MakeRoomAsync()
        {
            if (_mounted is null)
            {
                await SimulatedFullDisk.MakeRoomAsync(Sabotage.Superuser);
                return;
            }

            File.Delete(Path.Combine(_mounted, "filler"));
            // A server that found no room for its log ends; whatever keeps servers alive starts it again.
            if (!Cluster.Ended.IsCompleted)
                return;
            var port = Cluster.Port;
            await Cluster.DisposeAsync();
            Cluster = await PrivateCluster.StartAsync(new ClusterOptions { Folder = _mounted, Port = port, ThrowAway = true }, CancellationToken.None);
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            if (_mounted is not null)
                await TryAsync("umount", "--lazy", _mounted);
            TestCluster.Remove(Cluster.Folder);
        }

        private static async Task<bool> TryAsync(string program, params string[] arguments)
        {
            try
            {
                using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
                await process.StandardError.ReadToEndAsync();
                await process.WaitForExitAsync();
                return process.ExitCode == 0;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return false;
            }
        }
    }
}
