using System.Security.Cryptography;
using Vouchsafe.Bench.Driver;
using Vouchsafe.Postgres.Cluster;

// Benchmarks of the data layer: 1, one tenant row by id; 5, query time with few and with many tenants.
var folder = Path.Combine(Path.GetTempPath(), "vouchsafe-bench-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4)));
try
{
    await using var cluster = await PrivateCluster.StartAsync(new ClusterOptions { Folder = folder }, CancellationToken.None);
    await using var ground = await Ground.PrepareAsync(cluster);
    await OneRow.RunAsync(ground);
    await ManyTenants.RunAsync(ground);
}
finally
{
    Directory.Delete(folder, recursive: true);
}
