using System.Security.Cryptography;
using Vouchsafe.Postgres.Cluster;

namespace Vouchsafe.Testing.Databases;

/// <summary>One throw-away cluster a test process: started with the first database, ended with the process, however it ends.</summary>
public static class TestCluster
{
    private const string Prefix = "vouchsafe-test-";
    private static readonly Lazy<Task<PrivateCluster>> Shared = new(() => StartAsync(CancellationToken.None));

    public static Task<PrivateCluster> GetAsync() => Shared.Value;

    /// <summary>A cluster for one test alone: one that kills it, or changes a login that all databases share.</summary>
    public static async Task<PrivateCluster> StartAsync(CancellationToken cancellationToken)
    {
        Sweep();
        var cluster = await PrivateCluster.StartAsync(new ClusterOptions { Folder = NewFolder(), ThrowAway = true }, cancellationToken);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => End(cluster);
        return cluster;
    }

    /// <summary>An empty folder that the server's account may enter; the next test run removes it.</summary>
    public static string NewFolder()
    {
        var folder = Path.Combine(Path.GetTempPath(), Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)));
        Directory.CreateDirectory(folder);
        return folder;
    }

    private static void End(PrivateCluster cluster)
    {
        cluster.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Remove(cluster.Folder);
    }

    // What killed runs left: a folder whose lock nobody holds.
    private static void Sweep()
    {
        foreach (var folder in Directory.EnumerateDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            try
            {
                using (new FileStream(Path.Combine(folder, "lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                    Remove(folder);
            }
            catch (Exception held) when (held is IOException or UnauthorizedAccessException)
            {
                // Somebody's running cluster, or one that is being made.
            }
        }
    }

    /// <summary>Removes a stopped cluster's folder, or leaves it to the next run's sweep.</summary>
    public static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception busy) when (busy is IOException or UnauthorizedAccessException)
        {
            // The next run's sweep takes it.
        }
    }
}
