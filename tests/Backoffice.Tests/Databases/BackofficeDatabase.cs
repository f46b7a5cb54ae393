using System.Net;
using Backoffice.Customers;
using Backoffice.Invoicing;
using Backoffice.Orders;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Assurance;
using Vouchsafe.Audit;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Hosting.AuditTrail;
using Vouchsafe.Hosting.Modules;
using Vouchsafe.Hosting.Requests;
using Vouchsafe.Identity;
using Vouchsafe.Postgres.Migrations;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Tenants;
using Vouchsafe.Testing.Databases;
using Vouchsafe.Web;
using Xunit;


namespace Backoffice.Tests.Databases;

/// <summary>The posture that Backoffice runs under, as it ships.</summary>
public static class SamplePosture
{
    public static Posture Read()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Vouchsafe.slnx"))) folder = folder.Parent;
        return PostureFile.Load(Path.Combine(folder!.FullName, "postures", "apower-flex.yaml"));
    }
}

/// <summary>A database with everything that Backoffice needs, and its services as the application registers them.</summary>
public sealed class BackofficeDatabase() : TestDatabase(
    new MigrationSource("audit", 10, typeof(AuditServices).Assembly),
    new MigrationSource("identity", 30, typeof(IdentityModule).Assembly),
    new MigrationSource("tenants", 40, typeof(TenantsModule).Assembly),
    new MigrationSource("assurance", 50, typeof(AssuranceModule).Assembly),
    OrdersModule.Migrations)
{
    private readonly string keys = TestCluster.NewFolder();
    private ServiceProvider? provider;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var services = new ServiceCollection();
        Register(services);
        Services = provider = services.BuildServiceProvider();
    }

    /// <summary>Registers what the application registers, without listeners and background work.</summary>
    public void Register(IServiceCollection services)
    {
        services.AddSingleton<TimeProvider>(Time);
        services.AddLogging();
        services.AddSingleton<IKeyStore>(_ => new FolderKeyStore(keys));
        services.AddSingleton(found => new KeyRing(found.GetRequiredService<IKeyStore>(), Time));
        services.AddSingleton(_ => Database);
        services.AddSingleton<IDataProtectionProvider, EphemeralDataProtectionProvider>().AddSingleton<FormDraft>();
        services.AddModules(SamplePosture.Read(), new AuditModule(), new IdentityModule(), new TenantsModule(), new AssuranceModule(), new WebModule(), new OrdersModule(), new InvoicingModule());
        foreach (var hosted in services.Where(service => service.ServiceType == typeof(Microsoft.Extensions.Hosting.IHostedService)).ToList()) services.Remove(hosted);
    }

    public T Get<T>() where T : notnull => provider!.GetRequiredService<T>();

    /// <summary>One user of a tenant, who sees what is theirs.</summary>
    public static TenantScope UserOf(TenantId tenant, Guid user) => new(tenant, Actor.User(user), OwnerReach.Own, IPAddress.Loopback);

    /// <summary>An administrator of a tenant.</summary>
    public static TenantScope AdministratorOf(TenantId tenant, Guid user) => new(tenant, Actor.User(user), OwnerReach.All, IPAddress.Loopback);

    public Guid NewUser() => Guid.CreateVersion7(Time.GetUtcNow());

    public async Task<Customer> CustomerAsync(TenantScope scope, string name = "Tamm & Saar OÜ") =>
        await Get<CustomerStore>().AddAsync(scope, new CustomerInput(name, "EE", "Mari Tamm", "mari@tamm.example", City: "Tartu"), CancellationToken.None);

    /// <summary>A draft of one or more lines.</summary>
    public async Task<Order> DraftAsync(TenantScope scope, Guid customer, params (decimal Quantity, decimal Price, decimal Rate)[] lines)
    {
        OrderLineInput[] input = lines.Length == 0 ? [new("Hammer", 2, 10m, 24m)] : [.. lines.Select(line => new OrderLineInput("Hammer", line.Quantity, line.Price, line.Rate))];
        return (await Get<OrderWriting>().AddAsync(scope, new OrderInput(customer, input), scope.Actor.Id, CancellationToken.None))!;
    }

    public async Task<Guid> ConfirmedAsync(TenantScope scope, Guid customer, params (decimal Quantity, decimal Price, decimal Rate)[] lines)
    {
        var order = await DraftAsync(scope, customer, lines);
        Assert.Equal(OrderChange.Done, await Get<OrderWriting>().ConfirmAsync(scope, order.Summary.Id, CancellationToken.None));
        return order.Summary.Id;
    }

    public override async ValueTask DisposeAsync()
    {
        if (provider is not null) await provider.DisposeAsync();
        await base.DisposeAsync();
        if (Directory.Exists(keys)) Directory.Delete(keys, recursive: true);
    }
}
