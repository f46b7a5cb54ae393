using Npgsql;
using Vouchsafe.Postgres.Cluster;
using Vouchsafe.Postgres.Linting;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Manifests.Tests.Plants;

/// <summary>A cluster of its own, because plants change roles, and one database with the whole product's schema.</summary>
public sealed class PlantedCluster : IAsyncLifetime
{
    private PrivateCluster? _cluster;

    public TestDatabase Database { get; private set; } = null!;

    /// <summary>For most plants, each in a transaction of its own: a new session would read the catalogue into its caches first.</summary>
    public NpgsqlConnection Connection { get; } = new();

    public async ValueTask InitializeAsync()
    {
        _cluster = await TestCluster.StartAsync(CancellationToken.None);
        Database = await TestDatabase.MakeAsync(_cluster, [.. Modules.All.Skip(1).Select(module => module.Source)]);
        Connection.ConnectionString = new NpgsqlConnectionStringBuilder(Database.Superuser) { Pooling = false }.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await Database.DisposeAsync();
        await _cluster!.DisposeAsync();
    }
}

/// <summary>
/// What somebody with a superuser's login would leave behind, each with the rule that must name it. A plant lives in a transaction: made as a
/// superuser, linted with the rights of the application's login, rolled back.
/// </summary>
public sealed class PlantTests(PlantedCluster cluster) : IClassFixture<PlantedCluster>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string> Planted() => new(PlantList.All.Select(plant => (plant.Rule, plant.Object, plant.Sql)));

    [Theory, MemberData(nameof(Planted))]
    public async Task A_plant_is_named(string rule, string what, string sql)
    {
        var findings = (await LintAsync(sql)).Findings;
        Assert.True(findings.Any(finding => finding.Rule == rule && finding.Object.Contains(what, StringComparison.Ordinal)),
            $"{rule}: {what} isn't among:\n{string.Join("\n", findings)}");
    }

    [Fact]
    public async Task Without_a_plant_there_is_no_finding()
    {
        Assert.Empty((await LintAsync("")).Findings);
        Assert.Empty((await TenancyLinter.LintAsync(cluster.Database.App, cluster.Database.Baseline, Stop)).Findings);
        Assert.Empty((await TenancyLinter.LintAsync(cluster.Database.Platform, cluster.Database.Baseline, Stop)).Findings);
        Assert.Empty((await TenancyLinter.LintAsync(cluster.Database.Superuser, cluster.Database.Baseline, Stop)).Findings);
    }

    [Fact]
    public async Task A_module_without_a_manifest_is_named()
    {
        var baseline = LintBaseline.Of([.. Modules.All.Select(module => module.Source), new("other", 200, typeof(Xunit.Assert).Assembly)]) with { Keys = cluster.Database.Keys };
        var finding = Assert.Single((await TenancyLinter.LintAsync(cluster.Database.App, baseline, Stop)).Findings);
        Assert.Equal(("manifest.absent", "other"), (finding.Rule, finding.Object));
    }

    /// <summary>Somebody who is accounted for is accounted for as what it is.</summary>
    [Fact]
    public async Task A_known_login_that_becomes_one_of_ours_is_named()
    {
        var baseline = cluster.Database.Baseline with { KnownRoles = ["postgres", "monitor"] };
        Assert.Empty((await LintAsync("create role monitor login; grant pg_monitor to monitor", baseline)).Findings);
        var finding = Assert.Single((await LintAsync("create role monitor login; grant vouchsafe_owner to monitor", baseline)).Findings);
        Assert.Equal(("role.member", "monitor in vouchsafe_owner"), (finding.Rule, finding.Object));
    }

    /// <summary>An extension that the operator accounts for is one with the members that it had then.</summary>
    [Fact]
    public async Task What_is_put_into_a_known_extension_is_named_where_its_members_are_pinned()
    {
        const string Install = "create extension tsm_system_rows;";
        const string Added = Install + "create function public.odd() returns int language sql as 'select 1'; alter function public.odd() owner to vouchsafe_owner; revoke all on function public.odd() from public;"
            + "alter extension tsm_system_rows add function public.odd()";
        var baseline = cluster.Database.Baseline with { KnownExtensions = ["plpgsql", "tsm_system_rows"] };
        var unseen = Assert.Single((await LintAsync(Install, baseline)).Unseen, unseen => unseen.Contains("tsm_system_rows", StringComparison.Ordinal));
        var pinned = baseline with { KnownExtensions = ["plpgsql", unseen[unseen.IndexOf("tsm_system_rows=", StringComparison.Ordinal)..].TrimEnd(')')] };
        var report = await LintAsync(Install, pinned);
        Assert.Empty(report.Findings);
        Assert.DoesNotContain(report.Unseen, unseen => unseen.Contains("tsm_system_rows", StringComparison.Ordinal));
        Assert.Contains((await LintAsync(Added, pinned)).Findings, finding => finding is { Rule: "extension.members", Object: "tsm_system_rows" });
    }

    [Fact]
    public async Task Temporary_objects_of_a_session_are_its_own_affair() =>
        Assert.Empty((await LintAsync("create temporary table mine (id int primary key, name text, at bigserial); create temporary view seen as select * from mine")).Findings);

    [Fact]
    public void There_are_enough_plants() => Assert.True(PlantList.All.Distinct().Count() >= 230, $"{PlantList.All.Length} plants");

    [Fact]
    public void Every_rule_has_a_plant() =>
        Assert.Empty(TenancyLinter.RuleNames.Except(PlantList.All.Select(plant => plant.Rule)).Except(PlantList.Elsewhere));

    private async Task<LintReport> LintAsync(string sql, LintBaseline? baseline = null)
    {
        // What a session has cached of the server's own functions outlives a rollback, so those plants have a session of their own.
        var tampers = new[] { "update pg_", "pg_catalog.", "information_schema." }.Any(place => sql.Contains(place, StringComparison.Ordinal));
        await using var own = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(cluster.Database.Superuser) { Pooling = false }.ConnectionString);
        var connection = tampers ? own : cluster.Connection;
        if (connection.State != System.Data.ConnectionState.Open)
            await connection.OpenAsync(Stop);
        await using var transaction = await connection.BeginTransactionAsync(Stop);
        if (sql.Length > 0)
        {
            await using var plant = new NpgsqlCommand(sql.Replace("{db}", cluster.Database.Options.Name, StringComparison.Ordinal), connection);
            await plant.ExecuteNonQueryAsync(Stop);
        }

        await using (var become = new NpgsqlCommand("set local role vouchsafe_app", connection))
            await become.ExecuteNonQueryAsync(Stop);
        return await TenancyLinter.LintAsync(connection, baseline ?? cluster.Database.Baseline, Stop);
    }
}
