using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Vouchsafe.Audit;
using Vouchsafe.Bench.Measuring;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Postgres.Migrations;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Bench.Audit;

/// <summary>A business table, a plain audit table and the trail, its sequencer running.</summary>
internal sealed class Trail : IAsyncDisposable
{
    internal const int Tenants = 100;
    private const int OrdersEach = 100;
    private const int People = 20;

    private readonly ServiceProvider _services;

    private Trail(Ground ground, bool strict)
    {
        Superuser = ground.Superuser;
        var services = new ServiceCollection();
        services.AddSingleton(TimeProvider.System);
        services.AddLogging();
        services.AddSingleton(new KeyRing(new FolderKeyStore(Path.Combine(ground.Folder, "keys")), TimeProvider.System));
        services.AddSingleton<IDatabase>(provider => new Database(ground.Options, ground, TimeProvider.System, provider));
        services.AddAudit(new AuditOptions { Strict = strict });
        _services = services.BuildServiceProvider();
    }

    internal IDatabase Database => _services.GetRequiredService<IDatabase>();

    internal string Superuser { get; }

    internal static async Task<Trail> PrepareAsync(Ground ground)
    {
        var trail = new Trail(ground, strict: false);
        await ground.MigrateAsync(trail._services.GetServices<MigrationSource>());
        await ground.RunAsync(
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
        await ground.RunAsync("vacuum analyze");
        foreach (var service in trail._services.GetServices<IHostedService>())
            await service.StartAsync(CancellationToken.None);
        return trail;
    }

    /// <summary>The same trail, in strict mode.</summary>
    internal static Trail Strict(Ground ground) => new(ground, strict: true);

    /// <summary>Tenant and person of an operation.</summary>
    internal static TenantScope Scope(int operation, int tenants) => new(
        new TenantId(new Guid($"00000000-0000-7000-8000-{1000 + (int)((uint)operation * 2654435761L % tenants):x12}")),
        Actor.User(new Guid($"00000000-0000-7000-8000-{0xca0000 + operation % People:x12}")), OwnerReach.All, IPAddress.Parse("203.0.113.77"));

    internal static int Order(int operation) => (int)((uint)operation * 40503L % OrdersEach) + 1;

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services.GetServices<IHostedService>())
            await service.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }
}
