using System.Security.Cryptography;
using Vouchsafe.Bench.Audit;
using Vouchsafe.Postgres.Cluster;

// Benchmark 3: a business write with its audit entry, alone, with one hot tenant, and in bulk; and how soon an entry has its index.
var folder = Path.Combine(Path.GetTempPath(), "vouchsafe-bench-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4)));
try
{
    await using var cluster = await PrivateCluster.StartAsync(new ClusterOptions { Folder = Path.Combine(folder, "cluster") }, CancellationToken.None);
    await using var ground = await Ground.PrepareAsync(cluster, Path.Combine(folder, "keys"));
    await SingleWrites.RunAsync(ground);
    await BulkWrites.RunAsync(ground);
}
finally
{
    Directory.Delete(folder, recursive: true);
}
