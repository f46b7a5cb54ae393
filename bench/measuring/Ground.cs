using System.Security.Cryptography;
using Npgsql;
using Vouchsafe.Postgres.Cluster;
using Vouchsafe.Postgres.Migrations;
using Vouchsafe.Postgres.Roles;
using Vouchsafe.Postgres.Sealing;

namespace Vouchsafe.Bench.Measuring;

/// <summary>A private server that flushes as in production, with an empty database; gone when disposed.</summary>
internal sealed class Ground : IAsyncDisposable, IContextKeys
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly PrivateCluster _cluster;

    private Ground(string folder, PrivateCluster cluster, DatabaseOptions options) => (Folder, _cluster, Options) = (folder, cluster, options);

    /// <summary>For whatever else the measurement keeps.</summary>
    internal string Folder { get; }

    internal DatabaseOptions Options { get; }

    /// <summary>The server's process id.</summary>
    internal int Server => _cluster.ProcessId;

    internal string Superuser => _cluster.Superuser(Options.Name);

    internal static async Task<Ground> PrepareAsync()
    {
        // Not a private folder: the server runs under an account of its own and must be able to enter it.
        var folder = Path.Combine(Path.GetTempPath(), "vouchsafe-bench-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4)));
        var cluster = await PrivateCluster.StartAsync(new ClusterOptions { Folder = Path.Combine(folder, "cluster") }, CancellationToken.None);
        return new Ground(folder, cluster, await cluster.EnsureDatabaseAsync("bench", CancellationToken.None));
    }

    internal Task MigrateAsync(IEnumerable<MigrationSource> modules) =>
        new Migrator([MigrationSource.Core, .. modules], this, TimeProvider.System).RunAsync(Options.Owner, CancellationToken.None);

    internal async Task RunAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Superuser);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }

    public byte[] Derive(short id) => _key;

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
