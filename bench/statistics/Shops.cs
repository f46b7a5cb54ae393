using Npgsql;
using Vouchsafe.Bench.Measuring;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Bench.Statistics;

/// <summary>The same shop twice: <c>closed</c> as it is declared, and <c>open</c> with what PostgreSQL counts unasked.</summary>
internal sealed class Shops : IAsyncDisposable
{
    private const int Tenants = 100_000;

    /// <summary>Orders of the largest tenant; the n-th has an n-th of them, and at least one.</summary>
    private const int Largest = 40_000;

    private Shops(Ground ground) => Database = new Database(ground.Options, ground, TimeProvider.System);

    internal Database Database { get; }

    /// <summary>The largest, the one at which half of all orders belong to larger ones, the smallest.</summary>
    internal static (string Name, Guid Id)[] Asked { get; } = [("the largest tenant", Id(1)), ("a middle tenant", Id(600)), ("the smallest tenant", Id(Tenants))];

    internal static async Task<Shops> PrepareAsync(Ground ground)
    {
        await ground.MigrateAsync([]);
        await ground.RunAsync("create function public.id(n bigint) returns uuid language sql immutable as $f$ select (lpad(to_hex(n), 8, '0') || '-0000-7000-8000-000000000000')::uuid $f$");
        foreach (var shop in new[] { "open", "closed" })
            await ground.RunAsync(
                $"""
                create schema {shop} authorization vouchsafe_owner;
                create table {shop}.customers (tenant_id uuid not null, customer_id uuid not null, email text not null, name text not null, created_at timestamptz not null);
                create table {shop}.orders (tenant_id uuid not null, order_id uuid not null, number bigint not null, customer_id uuid not null, state text not null, net numeric(16, 2) not null, ordered_on date not null);
                create table {shop}.lines (tenant_id uuid not null, order_id uuid not null, position smallint not null, description text not null, quantity numeric(12, 3) not null);
                -- In the order in which a live table has them: tenants' rows lie between one another.
                insert into {shop}.orders select id(t), md5(t || ' ' || n)::uuid, n, md5('c' || t || ' ' || n / 4)::uuid, case when n % 10 = 1 then 'draft' else 'confirmed' end, n, '2020-01-01'::date + n % 2000
                from generate_series(1, {Tenants}) t, generate_series(1, greatest(1, {Largest} / t)) n order by md5(t || ' ' || n);
                insert into {shop}.customers select id(t), md5('c' || t || ' ' || n)::uuid, 'person' || n || '@' || t || '.example', 'Person ' || n, now()
                from generate_series(1, {Tenants}) t, generate_series(0, greatest(1, {Largest} / t) / 4) n order by md5(n || ' ' || t);
                insert into {shop}.lines select tenant_id, order_id, p, 'a line of an order', p from {shop}.orders, generate_series(1, 2) p;
                alter table {shop}.customers add primary key (tenant_id, customer_id);
                alter table {shop}.orders add primary key (tenant_id, order_id), add unique (tenant_id, number), add foreign key (tenant_id, customer_id) references {shop}.customers;
                alter table {shop}.lines add primary key (tenant_id, order_id, position), add foreign key (tenant_id, order_id) references {shop}.orders;
                create index on {shop}.customers (tenant_id, email);
                create index on {shop}.orders (tenant_id, customer_id);
                alter table {shop}.customers owner to vouchsafe_owner;
                alter table {shop}.orders owner to vouchsafe_owner;
                alter table {shop}.lines owner to vouchsafe_owner;
                set role vouchsafe_owner;
                call vouchsafe.tenant_table('{shop}.customers');
                call vouchsafe.tenant_table('{shop}.orders');
                call vouchsafe.tenant_table('{shop}.lines');
                """);
        await ground.RunAsync(
            """
            do $do$ declare c record; begin
                for c in select attrelid::regclass as t, attname from pg_attribute where attrelid in ('open.customers'::regclass, 'open.orders'::regclass, 'open.lines'::regclass) and attnum > 0 loop
                    execute format('alter table %s alter column %I set statistics -1', c.t, c.attname);
                end loop;
            end $do$
            """);
        await ground.RunAsync("vacuum analyze");
        await ground.RunAsync("checkpoint");
        return new Shops(ground);
    }

    private static Guid Id(int tenant) => Guid.Parse($"{tenant:x8}-0000-7000-8000-000000000000");

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}
