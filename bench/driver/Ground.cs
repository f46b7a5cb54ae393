using System.Security.Cryptography;
using Npgsql;
using Vouchsafe.Postgres.Cluster;
using Vouchsafe.Postgres.Migrations;
using Vouchsafe.Postgres.Roles;
using Vouchsafe.Postgres.Sealing;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Bench.Driver;

/// <summary>Tables of the same rows with and without tenancy, with few and with many tenants.</summary>
internal sealed class Ground : IAsyncDisposable, IContextKeys
{
    internal const int RowsEach = 20;
    internal const int Few = 10;
    internal const int Many = 100_000;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    private Ground(DatabaseOptions options)
    {
        Options = options;
        Database = new Database(options, this, TimeProvider.System);
        // What a careful developer does without us: a data source, prepared statements, no reset.
        Raw = NpgsqlDataSource.Create(options.App);
    }

    internal DatabaseOptions Options { get; }

    internal Database Database { get; }

    internal NpgsqlDataSource Raw { get; }

    internal static async Task<Ground> PrepareAsync(PrivateCluster cluster)
    {
        var ground = new Ground(await cluster.EnsureDatabaseAsync("bench", CancellationToken.None));
        await new Migrator([MigrationSource.Core], ground, TimeProvider.System).RunAsync(ground.Options.Owner, CancellationToken.None);
        await RunAsync(ground.Options.Owner,
            $"""
            create schema bench;
            create function bench.id(n bigint) returns uuid language sql immutable as $f$ select (lpad(to_hex(n + 1), 8, '0') || '-0000-7000-8000-000000000000')::uuid $f$;
            create table bench.plain (tenant_id uuid not null, row_id bigint not null, body text not null, primary key (tenant_id, row_id));
            create table bench.few (like bench.plain including all);
            create table bench.many (like bench.plain including all);
            """);
        foreach (var (table, tenants, declare) in new[] { ("plain", 1_000, "reference_table"), ("few", Few, "tenant_table"), ("many", Many, "tenant_table") })
            await RunAsync(cluster.Superuser("bench"),
                $"insert into bench.{table} select bench.id(t), r, 'body of a row, as long as a short line of text is' from generate_series(0, {tenants - 1}) t, generate_series(1, {RowsEach}) r;"
                + $"set role vouchsafe_owner; call vouchsafe.{declare}('bench.{table}')");
        await RunAsync(cluster.Superuser("bench"), "create table bench.sealed (like bench.plain including all); insert into bench.sealed select * from bench.plain; alter table bench.sealed owner to vouchsafe_owner; set role vouchsafe_owner; call vouchsafe.tenant_table('bench.sealed')");
        await RunAsync(cluster.Superuser("bench"), "vacuum analyze");
        await RunAsync(cluster.Superuser("bench"), "checkpoint");
        return ground;
    }

    /// <summary>The tenant that an operation's number falls on.</summary>
    internal static TenantId Tenant(int operation, int tenants) =>
        new(Guid.Parse($"{(uint)(operation * 2654435761L % tenants) + 1:x8}-0000-7000-8000-000000000000"));

    internal static long Row(int operation) => operation % RowsEach + 1;

    public byte[] Derive(short id) => _key;

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await Raw.DisposeAsync();
    }

    private static async Task RunAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }
}
