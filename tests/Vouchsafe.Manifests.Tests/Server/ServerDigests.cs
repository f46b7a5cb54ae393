using Npgsql;
using Vouchsafe.Postgres.Cluster;
using Vouchsafe.Postgres.Linting;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Manifests.Tests.Server;

/// <summary>PostgreSQL's own objects by their hashes, on fresh clusters that differ in whatever initdb may be told.</summary>
public sealed class ServerDigests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_fresh_clusters_have_the_same_and_it_is_the_one_that_is_known()
    {
        await using var usual = await TestDatabase.MakeAsync();
        var (major, digests) = await ReadAsync(usual.App);
        var file = Path.Combine(SchemaManifests.Root(), "src/Vouchsafe.Postgres/Linting", $"server-{major}.json");
        if (Environment.GetEnvironmentVariable(ManifestFile.Variable) == "1")
            await File.WriteAllTextAsync(file, ServerDigest.ToJson(digests), Stop);
        Assert.Equal(await File.ReadAllTextAsync(file, Stop), ServerDigest.ToJson(digests));

        var folder = TestCluster.NewFolder();
        await using (var other = await PrivateCluster.StartAsync(new ClusterOptions { Folder = folder, ThrowAway = true, Initdb = ["--encoding=LATIN1", "--locale=C", "--username=boss"] }, Stop))
        {
            var boss = new NpgsqlConnectionStringBuilder(other.Superuser()) { Username = "boss" }.ConnectionString;
            Assert.Equal(digests, (await ReadAsync(boss)).Digests);
            // pg_upgrade makes the extension anew too.
            await TestDatabase.RunAsync(boss, "drop extension plpgsql; create extension plpgsql");
            Assert.Equal(digests, (await ReadAsync(boss)).Digests);
        }

        TestCluster.Remove(folder);
    }

    /// <summary>Where a catalogue is read, or why it needn't be. A catalogue that a later version adds is in neither list, and this test says so.</summary>
    [Fact]
    public async Task No_catalogue_is_forgotten()
    {
        await using var database = await TestDatabase.MakeAsync();
        var all = (string[])(await TestDatabase.ScalarAsync(database.Superuser, "select array_agg(relname::text order by relname) from pg_class where relnamespace = 'pg_catalog'::regnamespace and relkind = 'r'"))!;
        Assert.Empty(all.Except(CatalogueCoverage.Read).Except(CatalogueCoverage.NotRead.Keys));
        Assert.Empty(CatalogueCoverage.NotRead.Keys.Intersect(CatalogueCoverage.Read));
    }

    private static async Task<(int Major, SortedDictionary<string, string> Digests)> ReadAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Stop);
        await using var transaction = await connection.BeginTransactionAsync(Stop);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("set local search_path = pg_catalog, pg_temp"));
        foreach (var command in ServerDigest.Commands())
            batch.BatchCommands.Add(command);
        await using var reader = await batch.ExecuteReaderAsync(Stop);
        return (connection.PostgreSqlVersion.Major, await ServerDigest.ReadAsync(reader, Stop));
    }
}
