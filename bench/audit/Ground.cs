using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Vouchsafe.Audit;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Postgres.Cluster;
using Vouchsafe.Postgres.Migrations;
using Vouchsafe.Postgres.Roles;
using Vouchsafe.Postgres.Sealing;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Bench.Audit;

/// <summary>A flushing server with a business table, a plain audit table and the trail, its sequencer running.</summary>
internal sealed class Ground : IAsyncDisposable, IContextKeys
{
    internal const int Tenants = 100;
    private const int OrdersEach = 100;
    private const int People = 20;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly ServiceProvider _services;
    private readonly DatabaseOptions _options;

    private Ground(DatabaseOptions options, string superuser, string keyFolder)
    {
        _options = options;
        Superuser = superuser;
        var services = new ServiceCollection();
        services.AddSingleton(TimeProvider.System);
        services.AddLogging();
        services.AddSingleton(new KeyRing(new FolderKeyStore(keyFolder), TimeProvider.System));
        services.AddSingleton<IDatabase>(provider => Database = new Database(options, this, TimeProvider.System, provider));
        services.AddAudit();
        _services = services.BuildServiceProvider();
        Database = (Database)_services.GetRequiredService<IDatabase>();
    }

    internal Database Database { get; private set; }

    internal string Superuser { get; }

    internal static async Task<Ground> PrepareAsync(PrivateCluster cluster, string keyFolder)
    {
        var ground = new Ground(await cluster.EnsureDatabaseAsync("bench", CancellationToken.None), cluster.Superuser("bench"), keyFolder);
        var sources = ground._services.GetServices<MigrationSource>().Append(MigrationSource.Core);
        await new Migrator(sources, ground, TimeProvider.System).RunAsync(ground._options.Owner, CancellationToken.None);
        await RunAsync(ground.Superuser,
            $"""
            set role vouchsafe_owner;
            create schema bench;
            create table bench.orders (tenant_id uuid not null, id integer not null, amount bigint not null, note text not null, primary key (tenant_id, id));
            create table bench.plain (tenant_id uuid not null, entry_id uuid not null, recorded_at timestamptz not null default now(), event text not null,
                                      actor uuid not null, address inet not null, details jsonb not null, primary key (tenant_id, entry_id));
            reset role;
            insert into bench.orders select ('00000000-0000-7000-8000-' || lpad(to_hex(t), 12, '0'))::uuid, o, 0, 'an order with a line of text beside it'
            from generate_series(1000, {999 + Tenants}) t, generate_series(1, {OrdersEach}) o;
            set role vouchsafe_owner;
            call vouchsafe.tenant_table('bench.orders');
            call vouchsafe.tenant_table('bench.plain', 'select,insert');
            """);
        await RunAsync(ground.Superuser, "vacuum analyze");
        foreach (var service in ground._services.GetServices<IHostedService>())
            await service.StartAsync(CancellationToken.None);
        return ground;
    }

    /// <summary>Tenant and person of an operation.</summary>
    internal static TenantScope Scope(int operation, int tenants) => new(
        new TenantId(new Guid($"00000000-0000-7000-8000-{1000 + (int)((uint)operation * 2654435761L % tenants):x12}")),
        Actor.User(new Guid($"00000000-0000-7000-8000-{0xca0000 + operation % People:x12}")), OwnerReach.All, IPAddress.Parse("203.0.113.77"));

    internal static int Order(int operation) => (int)((uint)operation * 40503L % OrdersEach) + 1;

    public byte[] Derive(short id) => _key;

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services.GetServices<IHostedService>())
            await service.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }

    internal static async Task RunAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }
}
