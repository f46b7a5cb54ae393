using Backoffice.Customers;
using Backoffice.Overview;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Hosting.Modules;
using Vouchsafe.Postgres;
using Vouchsafe.Postgres.Migrations;
using Vouchsafe.Web.Languages;
using Vouchsafe.Web.Layout;

namespace Backoffice.Orders;

/// <summary>Customers and their orders. Brings Backoffice's schema.</summary>
public sealed class OrdersModule : IModule
{
    internal static MigrationSource Migrations { get; } = new("backoffice", 100, typeof(OrdersModule).Assembly);

    public void Register(IServiceCollection services, Posture posture)
    {
        services.AddMigrations(Migrations.Module, Migrations.Order, Migrations.Assembly);
        services.AddSingleton<CustomerStore>();
        services.AddSingleton<OrderReading>();
        services.AddSingleton<OrderWriting>();
        services.AddSingleton<OverviewReading>();
        services.AddWords(typeof(OrdersModule).Assembly);
        services.AddNavigation(
            new NavigationLink("/overview", "nav.overview", "invoices.read", 10),
            new NavigationLink("/orders", "nav.orders", "orders.read", 20),
            new NavigationLink("/customers", "nav.customers", "customers.read", 30));
        services.ConfigureHttpJsonOptions(options => options.SerializerOptions.Converters.Add(
            new System.Text.Json.Serialization.JsonStringEnumConverter<OrderState>(System.Text.Json.JsonNamingPolicy.CamelCase, allowIntegerValues: false)));
    }

    public void Map(IEndpointRouteBuilder endpoints)
    {
        CustomerEndpoints.Map(endpoints);
        OrderEndpoints.Map(endpoints);
        OverviewPages.Map(endpoints);
    }
}
