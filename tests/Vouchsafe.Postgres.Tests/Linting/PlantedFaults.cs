using Npgsql;
using Vouchsafe.Postgres.Cluster;
using Vouchsafe.Postgres.Linting;
using Vouchsafe.Postgres.Linting.Manifests;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Postgres.Tests.Linting;

/// <summary>A cluster of its own, because faults change roles, and one database with a host's schema.</summary>
public sealed class ShopCluster : IAsyncLifetime
{
    private const string Shop =
        """
        create schema shop;
        create table shop.orders (tenant_id uuid not null, order_id uuid not null, number text not null, primary key (tenant_id, order_id), unique (tenant_id, number));
        call vouchsafe.tenant_table('shop.orders');
        create table shop.lines (tenant_id uuid not null, order_id uuid not null, line int not null, primary key (tenant_id, order_id, line), foreign key (tenant_id, order_id) references shop.orders (tenant_id, order_id));
        call vouchsafe.tenant_table('shop.lines', 'select,insert');
        create table shop.drafts (tenant_id uuid not null, draft_id uuid not null, owner_id uuid not null, shared_with uuid[] not null default '{}', primary key (tenant_id, draft_id));
        call vouchsafe.owned_table('shop.drafts');
        create table shop.visits (tenant_id uuid not null, at timestamptz not null, primary key (tenant_id, at)) partition by range (at);
        create table shop.visits_2026 partition of shop.visits for values from ('2026-01-01') to ('2027-01-01');
        call vouchsafe.tenant_table('shop.visits');
        create table shop.directory (tenant_id uuid primary key, code text not null unique);
        call vouchsafe.platform_table('shop.directory', because => 'the directory');
        create table shop.countries (code text primary key);
        call vouchsafe.reference_table('shop.countries');
        create view shop.open_orders with (security_invoker = true) as select * from shop.orders;
        create function shop.count_orders() returns bigint language sql stable security definer set search_path = pg_catalog, pg_temp as 'select count(*) from shop.orders';
        revoke all on function shop.count_orders() from public;
        """;

    private PrivateCluster? _cluster;

    public TestDatabase Database { get; private set; } = null!;

    /// <summary>The schema before anything is planted, as a host signs it off.</summary>
    public LintBaseline Baseline { get; private set; } = null!;

    public NpgsqlConnection Connection { get; } = new();

    public async ValueTask InitializeAsync()
    {
        _cluster = await TestCluster.StartAsync(CancellationToken.None);
        Database = await TestDatabase.MakeAsync(_cluster);
        await TestDatabase.RunAsync(Database.Owner, Shop);
        Baseline = Database.Baseline with { Manifest = await SchemaManifest.ReadAsync(Database.Owner, ["plpgsql"], CancellationToken.None) };
        Connection.ConnectionString = new NpgsqlConnectionStringBuilder(Database.Superuser) { Pooling = false }.ConnectionString;
        await Connection.OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await Database.DisposeAsync();
        await _cluster!.DisposeAsync();
    }
}

/// <summary>
/// Rules seen on real faults of a host's schema: planted, that finding, undone, none; each in a transaction that is rolled back. Those of the whole product's
/// schema: Plants, in the tests of the manifests.
/// </summary>
public sealed class PlantedFaults(ShopCluster shop) : IClassFixture<ShopCluster>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Rule, object, what the owner plants, what mends it.</summary>
    public static TheoryData<string, string, string, string> Faults() => new()
    {
        { "table.undeclared", "shop.notes", "create table shop.notes (x int); ", "drop table shop.notes" },
        { "table.undeclared", "shop.orders", "comment on table shop.orders is 'orders'; revoke all on shop.orders from vouchsafe_app", "call vouchsafe.tenant_table('shop.orders')" },
        { "table.tenant-id", "shop.loose", "create table shop.loose (tenant_id uuid not null); call vouchsafe.tenant_table('shop.loose'); alter table shop.loose alter tenant_id drop not null", "alter table shop.loose alter tenant_id set not null" },
        { "table.row-security", "shop.orders", "alter table shop.orders disable row level security", "alter table shop.orders enable row level security" },
        { "table.force", "shop.orders", "alter table shop.orders no force row level security", "alter table shop.orders force row level security" },
        { "policy.missing", "shop.orders", "drop policy vouchsafe_tenant on shop.orders", "call vouchsafe.tenant_table('shop.orders')" },
        { "policy.restrictive", "shop.orders strict", "create policy strict on shop.orders as restrictive using (number <> '')", "drop policy strict on shop.orders" },
        { "policy.sub-select", "shop.orders vouchsafe_tenant", "alter policy vouchsafe_tenant on shop.orders using (tenant_id = (select vouchsafe.current_tenant()))", "call vouchsafe.tenant_table('shop.orders')" },
        { "policy.other", "shop.orders wide", "create policy wide on shop.orders for select using (true)", "drop policy wide on shop.orders" },
        { "policy.other", "shop.orders vouchsafe_tenant", "alter policy vouchsafe_tenant on shop.orders with check (true)", "call vouchsafe.tenant_table('shop.orders')" },
        { "policy.other", "shop.orders vouchsafe_tenant", "alter policy vouchsafe_tenant on shop.orders to vouchsafe_platform", "call vouchsafe.tenant_table('shop.orders')" },
        { "policy.other", "shop.drafts vouchsafe_tenant", "alter policy vouchsafe_tenant on shop.drafts using (tenant_id = vouchsafe.current_tenant())", "call vouchsafe.owned_table('shop.drafts')" },
        { "partition.open", "shop.visits_2027", "create table shop.visits_2027 partition of shop.visits for values from ('2027-01-01') to ('2028-01-01')", "call vouchsafe.tenant_table('shop.visits')" },
        { "partition.open", "shop.old_orders", "create table shop.old_orders (primary key (tenant_id, order_id)) inherits (shop.orders)", "call vouchsafe.tenant_table('shop.orders')" },
        { "table.trigger", "shop.orders watch", "create trigger watch before update on shop.orders for each row execute function suppress_redundant_updates_trigger()", "drop trigger watch on shop.orders" },
        { "table.rule", "shop.orders quiet", "create rule quiet as on delete to shop.orders do instead nothing", "drop rule quiet on shop.orders" },
        { "key.unique", "shop.orders shop.number_once", "create unique index number_once on shop.orders (number)", "drop index shop.number_once" },
        { "key.unique", "shop.tickets shop.tickets_pkey", "create table shop.tickets (tenant_id uuid not null, id uuid primary key); call vouchsafe.tenant_table('shop.tickets')", "drop table shop.tickets" },
        { "key.foreign", "shop.lines swapped", "alter table shop.lines add constraint swapped foreign key (order_id, tenant_id) references shop.orders (order_id, tenant_id) not valid", "alter table shop.lines drop constraint swapped" },
        { "key.foreign", "shop.directory favourite", "alter table shop.directory add column o uuid, add constraint favourite foreign key (o, tenant_id) references shop.orders (order_id, tenant_id)", "alter table shop.directory drop column o" },
        { "key.sequence", "shop.orders.running", "alter table shop.orders add column running bigint generated always as identity; call vouchsafe.tenant_table('shop.orders')", "alter table shop.orders drop column running" },
        { "key.sequence", "shop.orders.running", "alter table shop.orders add column running bigserial; call vouchsafe.tenant_table('shop.orders')", "alter table shop.orders drop column running" },
        { "statistics.column", "shop.orders.later", "alter table shop.orders add column later text", "call vouchsafe.tenant_table('shop.orders')" },
        { "statistics.column", "shop.orders.number", "alter table shop.orders alter column number set statistics 100", "call vouchsafe.tenant_table('shop.orders')" },
        { "statistics.column", "shop.orders.tenant_id", "comment on table shop.orders is 'vouchsafe:tenant select,insert,update statistics=tenant_id,number'; alter table shop.orders alter tenant_id set statistics -1, alter number set statistics -1", "call vouchsafe.tenant_table('shop.orders')" },
        { "statistics.index", "shop.by_text", "create index by_text on shop.orders (tenant_id, lower(number))", "call vouchsafe.tenant_table('shop.orders')" },
        { "statistics.extended", "shop.together", "create statistics shop.together on tenant_id, number from shop.orders", "drop statistics shop.together" },
        { "index.tenant-id", "shop.orders shop.by_number", "create index by_number on shop.orders (number)", "drop index shop.by_number" },
        { "partition.tenant", "shop.cells", "create table shop.cells (tenant_id uuid not null primary key) partition by list (tenant_id); call vouchsafe.tenant_table('shop.cells')", "drop table shop.cells" },
        { "view.owner-rights", "shop.all_orders", "create view shop.all_orders as select * from shop.orders", "drop view shop.all_orders" },
        { "view.owner-rights", "shop.outer_orders", "create view shop.outer_orders as select * from shop.open_orders", "alter view shop.outer_orders set (security_invoker = on)" },
        { "view.materialised", "shop.totals", "create materialized view shop.totals as select count(*) from shop.open_orders", "drop materialized view shop.totals" },
        { "function.search-path", "shop.peek()", "create function shop.peek() returns bigint language sql security definer as 'select 1::bigint'; revoke all on function shop.peek() from public", "alter function shop.peek() set search_path = pg_catalog, pg_temp" },
        { "function.search-path", "shop.peek()", "create function shop.peek() returns bigint language sql security definer set search_path = shop as 'select 1::bigint'; revoke all on function shop.peek() from public", "alter function shop.peek() set search_path = pg_catalog, shop, pg_temp" },
        { "function.public", "shop.count_orders()", "grant execute on function shop.count_orders() to public", "revoke all on function shop.count_orders() from public" },
        { "grant.public", "shop.orders", "grant select on shop.orders to public", "revoke all on shop.orders from public" },
        { "grant.public", "shop", "grant create on schema shop to public", "revoke create on schema shop from public" },
        { "grant.app", "shop.orders", "grant truncate on shop.orders to vouchsafe_app", "revoke truncate on shop.orders from vouchsafe_app" },
        { "grant.app", "shop.orders", "grant references, trigger on shop.orders to vouchsafe_app", "revoke references, trigger on shop.orders from vouchsafe_app" },
        { "grant.app", "shop.lines", "grant delete on shop.lines to vouchsafe_app", "revoke delete on shop.lines from vouchsafe_app" },
        { "grant.app", "shop.lines", "grant update (line) on shop.lines to vouchsafe_app", "revoke update (line) on shop.lines from vouchsafe_app" },
        { "grant.app", "shop.directory", "grant select on shop.directory to vouchsafe_app", "revoke select on shop.directory from vouchsafe_app" },
        { "grant.app", "shop.visits_2026", "grant select on shop.visits_2026 to vouchsafe_app", "revoke select on shop.visits_2026 from vouchsafe_app" },
        { "grant.app", "vouchsafe.seal_keys", "grant select on vouchsafe.seal_keys to vouchsafe_app", "revoke select on vouchsafe.seal_keys from vouchsafe_app" },
        { "grant.platform", "shop.orders", "grant select on shop.orders to vouchsafe_platform", "revoke select on shop.orders from vouchsafe_platform" },
        { "grant.lock", "shop.orders", "grant update on shop.orders to vouchsafe_app", "revoke update on shop.orders from vouchsafe_app; call vouchsafe.tenant_table('shop.orders')" },
        { "grant.app", "shop.orders", "grant delete on shop.orders to vouchsafe_app", "revoke delete on shop.orders from vouchsafe_app" },
        { "grant.default", "vouchsafe_owner in shop", "alter default privileges in schema shop grant select on tables to vouchsafe_app", "alter default privileges in schema shop revoke select on tables from vouchsafe_app" },
        { "grant.create", "vouchsafe_app on schema shop", "grant create on schema shop to vouchsafe_app", "revoke create on schema shop from vouchsafe_app" },
    };

    [Theory, MemberData(nameof(Faults))]
    public async Task The_owner_plants_a_fault(string rule, string what, string plant, string mend)
    {
        await using var transaction = await shop.Connection.BeginTransactionAsync(Cancel);
        await RunAsync("set local role vouchsafe_owner; " + plant);
        var finding = Named(await FindingsAsync(), rule, what);
        Assert.False(string.IsNullOrWhiteSpace(finding.Message));
        Assert.False(string.IsNullOrWhiteSpace(finding.Remedy));

        // What was made anew stays unknown to the manifest, and is otherwise as it should be.
        await RunAsync("set local role vouchsafe_owner; " + mend);
        Assert.All(await FindingsAsync(), left => Assert.Equal("manifest.unknown", left.Rule));
    }

    /// <summary>What only a superuser can do. {0} is the database.</summary>
    public static TheoryData<string, string, string, string> SuperuserFaults() => new()
    {
        { "role.bypass", "vouchsafe_app", "alter role vouchsafe_app bypassrls", "alter role vouchsafe_app nobypassrls" },
        { "role.bypass", "vouchsafe_platform", "alter role vouchsafe_platform superuser", "alter role vouchsafe_platform nosuperuser" },
        { "role.bypass", "reporting", "create role reporting bypassrls", "drop role reporting" },
        { "role.member", "vouchsafe_app in vouchsafe_owner", "grant vouchsafe_owner to vouchsafe_app", "revoke vouchsafe_owner from vouchsafe_app" },
        { "role.member", "reporting in vouchsafe_app", "create role reporting; grant vouchsafe_app to reporting", "drop role reporting" },
        { "role.owner", "function shop.count_orders()", "alter function shop.count_orders() owner to vouchsafe_platform", "alter function shop.count_orders() owner to vouchsafe_owner" },
        { "role.owner", "schema depot", "create schema depot authorization vouchsafe_app; revoke create on schema depot from vouchsafe_app", "drop schema depot" },
        { "grant.other", "shop.orders", "create role reporting; grant select on shop.orders to reporting", "drop owned by reporting; drop role reporting" },
        { "grant.create", "vouchsafe_app on database {0}", "grant temporary on database {0} to vouchsafe_app", "revoke temporary on database {0} from vouchsafe_app" },
        { "role.connections", "vouchsafe_app", "alter role vouchsafe_app connection limit -1", "alter role vouchsafe_app connection limit 100" },
        { "context.default", "vouchsafe_app", "alter role vouchsafe_app set vouchsafe.context = 'x'", "alter role vouchsafe_app reset vouchsafe.context" },
        { "context.default", "every role in {0}", "alter database {0} set vouchsafe.context = 'x'", "alter database {0} reset vouchsafe.context" },
        { "publication", "shop.orders feed", "create publication feed for table shop.orders", "drop publication feed" },
        { "publication", "shop.lines feed", "create publication feed for table shop.lines (line, order_id, tenant_id)", "drop publication feed" },
    };

    [Theory, MemberData(nameof(SuperuserFaults))]
    public async Task A_superuser_plants_a_fault(string rule, string what, string plant, string mend)
    {
        string Filled(string text) => text.Replace("{0}", shop.Database.Options.Name, StringComparison.Ordinal);
        await using var transaction = await shop.Connection.BeginTransactionAsync(Cancel);
        await RunAsync(Filled(plant));
        Named(await FindingsAsync(), rule, Filled(what));
        await RunAsync("reset role; " + Filled(mend));
        Assert.Empty(await FindingsAsync());
    }

    [Fact]
    public async Task Without_a_fault_there_is_no_finding() => Assert.Empty((await TenancyLinter.LintAsync(shop.Database.App, shop.Baseline, Cancel)).Findings);

    [Fact]
    public async Task A_context_in_the_connection_string_is_found()
    {
        var report = await TenancyLinter.LintAsync(shop.Database.App + ";Options=-c vouchsafe.context=x", shop.Baseline, Cancel);
        Assert.Equal("context.session", Assert.Single(report.Findings).Rule);
    }

    private static LintFinding Named(IReadOnlyList<LintFinding> findings, string rule, string what) =>
        findings.FirstOrDefault(finding => finding.Rule == rule && finding.Object == what) ?? throw new Xunit.Sdk.XunitException($"{rule}: {what} isn't among:\n{string.Join("\n", findings)}");

    private async Task RunAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, shop.Connection);
        await command.ExecuteNonQueryAsync(Cancel);
    }

    /// <summary>With the rights of the application's login.</summary>
    private async Task<IReadOnlyList<LintFinding>> FindingsAsync()
    {
        await RunAsync("set local role vouchsafe_app");
        return (await TenancyLinter.LintAsync(shop.Connection, shop.Baseline, Cancel)).Findings;
    }
}
