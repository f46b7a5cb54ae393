using Npgsql;
using Vouchsafe.Bench.Measuring;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Bench.Driver;

/// <summary>Tables of the same rows with and without tenancy, with few and with many tenants.</summary>
internal sealed class Tables : IAsyncDisposable
{
    internal const int RowsEach = 20;
    internal const int Some = 1_000;
    internal const int Few = 10;
    internal const int Many = 100_000;

    private Tables(Ground ground)
    {
        Database = new Database(ground.Options, ground, TimeProvider.System);
        // What a careful developer does without us: a data source, prepared statements, no reset.
        Raw = NpgsqlDataSource.Create(ground.Options.App);
    }

    internal Database Database { get; }

    internal NpgsqlDataSource Raw { get; }

    internal static async Task<Tables> PrepareAsync(Ground ground)
    {
        await ground.MigrateAsync([]);
        await ground.RunAsync(
            """
            create schema bench authorization vouchsafe_owner;
            create function bench.id(n bigint) returns uuid language sql immutable as $f$ select (lpad(to_hex(n + 1), 8, '0') || '-0000-7000-8000-000000000000')::uuid $f$;
            """);
        foreach (var (table, tenants, declare) in new[] { ("plain", Some, "reference_table"), ("sealed", Some, "tenant_table"), ("few", Few, "tenant_table"), ("many", Many, "tenant_table") })
            await ground.RunAsync(
                $"""
                create table bench.{table} (tenant_id uuid not null, row_id bigint not null, body text not null, primary key (tenant_id, row_id));
                insert into bench.{table} select bench.id(t), r, 'body of a row, as long as a short line of text is' from generate_series(0, {tenants - 1}) t, generate_series(1, {RowsEach}) r;
                alter table bench.{table} owner to vouchsafe_owner;
                set role vouchsafe_owner;
                call vouchsafe.{declare}('bench.{table}');
                """);
        await ground.RunAsync("vacuum analyze");
        await ground.RunAsync("checkpoint");
        return new Tables(ground);
    }

    /// <summary>The tenant that an operation's number falls on.</summary>
    internal static TenantId Tenant(int operation, int tenants) =>
        new(Guid.Parse($"{(uint)(operation * 2654435761L % tenants) + 1:x8}-0000-7000-8000-000000000000"));

    internal static long Row(int operation) => operation % RowsEach + 1;

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await Raw.DisposeAsync();
    }
}
