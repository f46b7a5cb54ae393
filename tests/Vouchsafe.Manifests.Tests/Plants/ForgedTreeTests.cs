using Npgsql;
using Vouchsafe.Postgres.Linting;
using Vouchsafe.Postgres.Linting.Manifests;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Manifests.Tests.Plants;

/// <summary>A stored expression of each kind, forged so that the server prints what was signed off.</summary>
public sealed class ForgedTreeTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private const string OrOne = "{CONST :consttype 23 :consttypmod -1 :constcollid 0 :constlen 4 :constbyval true :constisnull false :location -1 :constvalue 4 [ 1 0 0 0 0 0 0 0 ]}";

    private SchemaManifest _signed = SchemaManifest.Empty;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The object that must be named, and what is done to it.</summary>
    public static TheoryData<string, string> Forged() => new()
    {
        { "view host.everyone", Forge("pg_rewrite", "ev_action", "replace(ev_action::text, ':opfuncid 67 ', ':opfuncid 157 ')::pg_node_tree", "ev_class = 'host.everyone'::regclass") },
        { "materialized view host.kept", Forge("pg_rewrite", "ev_action", "replace(ev_action::text, ':opfuncid 67 ', ':opfuncid 157 ')::pg_node_tree", "ev_class = 'host.kept'::regclass") },
        { "rule host.orders.told", Forge("pg_rewrite", "ev_qual", TreePlants.OrTrue("ev_qual"), "rulename = 'told'") },
        { "column host.orders.open", Forge("pg_attrdef", "adbin", TreePlants.OrTrue("adbin"), "adrelid = 'host.orders'::regclass and adnum = 2") },
        { "column host.orders.twice", Forge("pg_attrdef", "adbin", TreePlants.Implicit(768, 23, "adbin::text", OrOne), "adrelid = 'host.orders'::regclass and adnum = 4") },
        { "constraint host.orders.short", Forge("pg_constraint", "conbin", TreePlants.OrTrue("conbin"), "conname = 'short'") },
        { "constraint host.positive.positive_check", Forge("pg_constraint", "conbin", TreePlants.OrTrue("conbin"), "conname = 'positive_check'") },
        { "type host.positive", Forge("pg_type", "typdefaultbin", TreePlants.Implicit(768, 23, "typdefaultbin::text", OrOne), "oid = 'host.positive'::regtype") },
        { "index host.orders_open", Forge("pg_index", "indpred", TreePlants.OrTrue("indpred"), "indexrelid = 'host.orders_open'::regclass") },
        { "index host.orders_expression", ForgeOnly("pg_index", "indexprs", "indexrelid = 'host.orders_expression'::regclass") },
        { "trigger host.orders.watch", Forge("pg_trigger", "tgqual", TreePlants.OrTrue("tgqual"), "tgname = 'watch'") },
        { "function host.body(integer)", Forge("pg_proc", "prosqlbody", "replace(prosqlbody::text, ':opfuncid 177 ', ':opfuncid 181 ')::pg_node_tree", "oid = 'host.body(int)'::regprocedure") },
        { "function host.body(integer)", ForgeOnly("pg_proc", "proargdefaults", "oid = 'host.body(int)'::regprocedure") },
        { "policy host.orders.mine", Forge("pg_policy", "polwithcheck", TreePlants.OrTrue("polwithcheck"), "polname = 'mine'") },
        { "table host.part_1", Forge("pg_class", "relpartbound", "replace(relpartbound::text, ':is_default false', ':is_default  0')::pg_node_tree", "oid = 'host.part_1'::regclass") },
        { "table host.part", ForgeOnly("pg_partitioned_table", "partexprs", "partrelid = 'host.part'::regclass") },
        { "statistics object host.counted", ForgeOnly("pg_statistic_ext", "stxexprs", "stxname = 'counted'") },
        { "publication relation host.orders in publication host_feed", Forge("pg_publication_rel", "prqual", TreePlants.OrTrue("prqual"), "prrelid = 'host.orders'::regclass") },
    };

    public async ValueTask InitializeAsync()
    {
        if (await TestDatabase.ScalarAsync(database.Superuser, "select to_regnamespace('host') is null") is true)
            await TestDatabase.RunAsync(database.Superuser, Schema);
        _signed = await SchemaManifest.ReadAsync(database.Superuser, ["plpgsql"], Stop);
    }

    public ValueTask DisposeAsync() => default;

    [Theory, MemberData(nameof(Forged))]
    public async Task What_runs_is_compared_and_not_what_is_printed(string what, string forge)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.Superuser) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Stop);
        await using var transaction = await connection.BeginTransactionAsync(Stop);
        await using (var plant = new NpgsqlCommand(forge, connection))
            await plant.ExecuteNonQueryAsync(Stop);
        var report = await TenancyLinter.LintAsync(connection, new LintBaseline(_signed), Stop);
        var changed = Assert.Single(report.Findings, finding => finding.Rule.StartsWith("manifest.", StringComparison.Ordinal));
        Assert.Equal(("manifest.changed", what), (changed.Rule, changed.Object));
        Assert.EndsWith("tree differs.", changed.Message, StringComparison.Ordinal);
    }

    /// <summary>The only expression of a list.</summary>
    private static string ForgeOnly(string catalogue, string column, string which) =>
        Forge(catalogue, column, $"('(' || {TreePlants.Implicit(768, 23, $"substr({column}::text, 2, length({column}::text) - 2)", OrOne)}::text || ')')::pg_node_tree", which);

    private static string Forge(string catalogue, string column, string tree, string which) => TreePlants.Write($"update {catalogue} set {column} = {tree} where {which}");

    private const string Schema =
        """
        create schema host;
        create table host.orders (name text, open boolean default (1 < 2), size int, twice int generated always as (size * 2) stored, constraint short check (length(name) < 9));
        create view host.everyone as select name from host.orders where name = 'a';
        create materialized view host.kept as select name from host.orders where name = 'a';
        create rule told as on insert to host.orders where new.size > 5 do also nothing;
        create domain host.positive as int default 1 + 1 check (value > 0);
        create index orders_open on host.orders (name) where size > 7;
        create index orders_expression on host.orders ((size + 1));
        create trigger watch before update on host.orders for each row when (old.size <> new.size) execute function suppress_redundant_updates_trigger();
        create function host.body(a int default 1 + 2) returns int language sql return a + 1;
        create policy mine on host.orders with check (size > 3);
        create table host.part (a int) partition by list ((a + 1));
        create table host.part_1 partition of host.part for values in (1);
        create statistics host.counted on (size + 1), name from host.orders;
        create publication host_feed for table host.orders (name, size) where (size > 3)
        """;
}
