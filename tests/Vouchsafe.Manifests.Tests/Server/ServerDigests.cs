using Npgsql;
using Vouchsafe.Postgres.Cluster;
using Vouchsafe.Postgres.Linting;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Manifests.Tests.Server;

/// <summary>PostgreSQL's own objects by their hashes, on fresh clusters that differ in whatever initdb may be told.</summary>
public sealed class ServerDigests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_fresh_clusters_have_the_same_and_it_is_the_one_that_is_known()
    {
        var (major, digests) = await ReadAsync(database.App);
        var file = Path.Combine(SchemaManifests.Root(), "src/Vouchsafe.Postgres/Linting", $"server-{major}.json");
        if (Environment.GetEnvironmentVariable(ManifestFile.Variable) == "1")
            await File.WriteAllTextAsync(file, ServerDigest.ToJson(major, digests), Stop);
        else
            Assert.DoesNotContain(digests, own => !ServerDigest.Of(major, own.Key).Contains(own.Value));

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

    /// <summary>What is hashed again only where something was written must notice each way of writing.</summary>
    [Theory]
    [InlineData("update pg_operator set oprname = oprname where oid = 'pg_catalog.=(uuid, uuid)'::regoperator")]
    [InlineData("delete from pg_cast where castsource = 'text'::regtype and casttarget = 'bpchar'::regtype")]
    [InlineData("insert into pg_range select 1, rngsubtype, 1, rngcollation, rngsubopc, rngcanonical, rngsubdiff from pg_range limit 1")]
    [InlineData("with gone as (delete from pg_amproc where oid = (select min(oid) from pg_amproc) returning *) insert into pg_amproc select * from gone")]
    [InlineData("create rule told as on insert to pg_catalog.pg_views do also nothing")]
    [InlineData("alter extension plpgsql drop language plpgsql")]
    [InlineData("alter text search configuration pg_catalog.simple alter mapping for word with english_stem")]
    public async Task Whatever_is_written_changes_the_stamp(string write)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.Superuser) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Stop);
        await using var transaction = await connection.BeginTransactionAsync(Stop);
        async Task<object?> RunAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            return await command.ExecuteScalarAsync(Stop);
        }

        await RunAsync("set local allow_system_table_mods = on");
        var before = await RunAsync(ServerStamp.Query);
        await RunAsync("create table public.other (x int)");
        Assert.Equal(before, await RunAsync(ServerStamp.Query));
        await RunAsync(write);
        Assert.NotEqual(before, await RunAsync(ServerStamp.Query));
    }

    /// <summary>Where a catalogue is read, or why it needn't be. A catalogue that a later version adds is in neither list, and this test says so.</summary>
    [Fact]
    public async Task No_catalogue_is_forgotten()
    {
        var all = (string[])(await TestDatabase.ScalarAsync(database.Superuser, "select array_agg(relname::text order by relname) from pg_class where relnamespace = 'pg_catalog'::regnamespace and relkind = 'r'"))!;
        Assert.Empty(all.Except(CatalogueCoverage.Read).Except(CatalogueCoverage.NotRead.Keys));
        Assert.Empty(CatalogueCoverage.NotRead.Keys.Intersect(CatalogueCoverage.Read));
    }

    /// <summary>What the server prints of a stored expression may leave something out, so each column of them is compared itself.</summary>
    [Fact]
    public async Task No_column_of_stored_expressions_is_forgotten()
    {
        var all = (string[])(await TestDatabase.ScalarAsync(database.Superuser,
            "select array_agg(attrelid::regclass || '.' || attname) from pg_attribute where atttypid = 'pg_node_tree'::regtype and attrelid < 16384"))!;
        Assert.DoesNotContain(all, column => !CatalogueCoverage.ReadsTree(column.Split('.')[1]));
        Assert.DoesNotContain(all, column => column.Split('.') is [var catalogue, var name] && !CatalogueCoverage.WholeInInventory.Contains(catalogue) && !CatalogueCoverage.ReadsServersTree(catalogue, name));
    }

    private static async Task<(int Major, SortedDictionary<string, string> Digests)> ReadAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Stop);
        await using var transaction = await connection.BeginTransactionAsync(Stop);
        await using (var path = new NpgsqlCommand("set local search_path = pg_catalog, pg_temp", connection))
            await path.ExecuteNonQueryAsync(Stop);
        return (connection.PostgreSqlVersion.Major, await ServerDigest.ReadAsync(connection, Stop));
    }
}
