namespace Vouchsafe.Manifests.Tests.Plants;

/// <summary>Tables, their policies, rights and what hangs on them.</summary>
internal static class TablePlants
{
    private const string Definer =
        "create function public.peek(text) returns text language sql immutable security definer set search_path = pg_catalog, pg_temp as 'select $1'; revoke all on function public.peek(text) from public;";

    internal static readonly Plant[] All =
    [
        new("manifest.changed", "table backoffice.orders", "comment on table backoffice.orders is 'vouchsafe:reference select'; alter table backoffice.orders disable row level security"),
        new("manifest.changed", "table backoffice.orders",
            "comment on table backoffice.orders is 'vouchsafe:platform select because a reason'; drop policy vouchsafe_tenant on backoffice.orders; alter table backoffice.orders no force row level security, disable row level security"),
        new("manifest.changed", "table backoffice.orders", "comment on table backoffice.orders is 'vouchsafe:tenant select,insert,update,delete'"),
        new("table.undeclared", "backoffice.orders", "comment on table backoffice.orders is null"),
        new("table.tenant-column", "audit.pending", "comment on table audit.pending is 'vouchsafe:platform select,insert,update,delete'"),
        new("manifest.changed", "table audit.pending", "grant insert on audit.pending to vouchsafe_platform"),
        new("table.row-security", "backoffice.customers", "alter table backoffice.customers disable row level security"),
        new("table.force", "backoffice.customers", "alter table backoffice.customers no force row level security"),
        new("object.owner", "backoffice.customers", "alter table backoffice.customers owner to postgres"),
        new("role.owner", "backoffice.customers", "alter table backoffice.customers owner to vouchsafe_app"),
        new("manifest.changed", "table backoffice.customers", "create role shadow; alter table backoffice.customers owner to shadow"),
        new("policy.other", "backoffice.customers wide", "create policy wide on backoffice.customers using (true)"),
        new("policy.other", "backoffice.customers vouchsafe_tenant", "alter policy vouchsafe_tenant on backoffice.customers using (tenant_id = vouchsafe.current_tenant() or current_setting('x.b', true) = '1')"),
        new("policy.stray", "identity.users", "alter table identity.users enable row level security"),
        new("policy.stray", "assurance.", "do $$ declare t text; begin select oid::regclass::text into t from pg_class where relnamespace = 'assurance'::regnamespace and relkind = 'r' limit 1; execute format('create policy hide on %s using (false)', t); end $$"),
        new("table.trigger", "audit.pending swallow",
            "create function public.nothing() returns trigger language plpgsql as 'begin return null; end'; create trigger swallow before insert on audit.pending for each row execute function public.nothing()"),
        new("manifest.unknown", "trigger audit.entries.swallow", "create trigger swallow before insert on audit.entries for each row execute function suppress_redundant_updates_trigger()"
            .Replace("before insert", "before update", StringComparison.Ordinal)),
        new("table.trigger-off", "backoffice.orders", "alter table backoffice.orders disable trigger all"),
        new("table.rule", "audit.entries quiet", "create rule quiet as on insert to audit.entries do instead nothing"),
        new("grant.app", "audit.entries", "grant update (sealed) on audit.entries to vouchsafe_app"),
        new("manifest.changed", "column audit.entries.leaves", "grant insert (leaves) on audit.entries to vouchsafe_app"),
        new("grant.lock", "backoffice.customers", "grant update on backoffice.customers to vouchsafe_app"),
        new("grant.platform", "audit.entries", "grant select on audit.entries to vouchsafe_platform"),
        new("grant.platform", "backoffice.customers", "grant select (email) on backoffice.customers to vouchsafe_platform"),
        new("grant.other", "backoffice.customers", "create role shadow; grant select on backoffice.customers to shadow"),
        new("grant.other", "audit.heads", "create role shadow; grant update (root) on audit.heads to shadow"),
        new("grant.public", "backoffice.customers", "grant select on backoffice.customers to public"),
        new("table.definer", "backoffice.orders public.peek", Definer + "alter table backoffice.orders alter reference set default public.peek('x')"),
        new("table.definer", "backoffice.orders public.peek", Definer + "alter table backoffice.orders add column copied text generated always as (public.peek(reference)) stored"),
        new("table.definer", "backoffice.orders public.peek", Definer + "alter table backoffice.orders add constraint told check (public.peek(reference) is not null)"),
        new("table.definer", "backoffice.orders public.peek", Definer + "create index told on backoffice.orders (tenant_id, public.peek(reference))"),
        new("manifest.changed", "column backoffice.orders.reference", "alter table backoffice.orders alter reference set default current_setting('x.b', true)"),
        new("manifest.changed", "column backoffice.orders.reference", "alter table backoffice.orders alter reference drop not null"),
        new("manifest.unknown", "column backoffice.orders.hidden", "alter table backoffice.orders add column hidden text"),
        new("manifest.unknown", "table backoffice.more_customers", "create table backoffice.more_customers () inherits (backoffice.customers)"),
        new("manifest.unknown", "table public.loot", "create table public.loot (x int); comment on table public.loot is 'vouchsafe:reference select'; grant select on public.loot to vouchsafe_app; alter table public.loot owner to vouchsafe_owner"),
        new("manifest.missing", "constraint backoffice.orders.orders_tenant_id_number_key", "alter table backoffice.orders drop constraint orders_tenant_id_number_key"),
        new("manifest.missing", "policy backoffice.orders.vouchsafe_tenant", "drop policy vouchsafe_tenant on backoffice.orders"),
        new("manifest.missing", "table backoffice.invoices", "drop table backoffice.invoices cascade"),
        new("manifest.changed", "table backoffice.customers", "alter table backoffice.customers replica identity full"),
        new("manifest.changed", "table audit.heads", "alter table audit.heads set unlogged"),
        new("key.unique", "backoffice.customers", "create unique index told on backoffice.customers (email)"),
        new("key.foreign", "backoffice.orders loose", "alter table backoffice.orders add constraint loose foreign key (customer_id, tenant_id) references backoffice.customers (customer_id, tenant_id) not valid"
            .Replace("alter table", "create unique index swapped on backoffice.customers (customer_id, tenant_id); alter table", StringComparison.Ordinal)),
        new("grant.sequence", "public.counter", "create sequence public.counter; grant usage on sequence public.counter to vouchsafe_app"),
        new("view.owner-rights", "public.everyone", "create view public.everyone as select * from backoffice.customers; grant select on public.everyone to vouchsafe_app"),
        new("view.materialised", "public.everyone", "create materialized view public.everyone as select * from backoffice.customers"),
    ];
}
