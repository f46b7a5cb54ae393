using Npgsql;
using Vouchsafe.Postgres.Linting;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Manifests.Tests.Server;

/// <summary>A change of the server's own rows that a sum over their transactions wouldn't show, because its transaction ids were set aside beforehand.</summary>
public sealed class ServerStampAttack(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string One = "information_schema._pg_interval_type(oid,int4)";
    private const string Other = "information_schema._pg_datetime_precision(oid,int4)";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_next_look_of_the_same_process_sees_it()
    {
        await using var low = await OpenAsync();
        await using var high = await OpenAsync();
        await RunAsync(low, "begin; select pg_current_xact_id()");
        foreach (var function in new[] { One, Other })
            await TestDatabase.RunAsync(database.Superuser, $"update pg_proc set procost = procost where oid = '{function}'::regprocedure");
        await RunAsync(high, "begin; select pg_current_xact_id()");
        Assert.Empty(await FindingsAsync());

        // Ids n and n + 3 take the place of n + 1 and n + 2.
        await RunAsync(low,
            """
            create or replace function information_schema._pg_interval_type(typid oid, mod int4) returns text language sql stable security definer set search_path = pg_catalog, pg_temp
            as 'select count(inner_pad)::text from vouchsafe.seal_keys';
            commit
            """);
        await RunAsync(high, $"update pg_proc set procost = procost where oid = '{Other}'::regprocedure; commit");
        Assert.NotEqual("0", await TestDatabase.ScalarAsync(database.App, "select information_schema._pg_interval_type(0, 0)"));
        Assert.Contains(await FindingsAsync(), finding => finding.Object == "pg_proc");
    }

    private async Task<List<LintFinding>> FindingsAsync() =>
        [.. (await TenancyLinter.LintAsync(database.App, database.Baseline, Stop)).Findings.Where(finding => finding.Rule == ServerDigest.Name)];

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.Superuser) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Stop);
        return connection;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Stop);
    }
}
