using System.Text.Json;
using System.Text.Json.Serialization;
using Backoffice.Pages;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Hosting.Modules;
using Vouchsafe.Web.Layout;

namespace Backoffice.Invoicing;

/// <summary>Invoices of confirmed orders. Needs the module of the orders.</summary>
public sealed class InvoicingModule : IModule
{
    public void Register(IServiceCollection services, Posture posture)
    {
        services.AddNavigation(new NavigationLink("/invoices", "nav.invoices", "invoices.read", 40));
        services.AddSingleton<InvoiceReading>();
        services.AddSingleton<InvoiceIssuing>();
        services.ConfigureHttpJsonOptions(options => options.SerializerOptions.Converters.Add(
            new JsonStringEnumConverter<InvoiceKind>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)));
    }

    public void Map(IEndpointRouteBuilder endpoints)
    {
        InvoiceEndpoints.Map(endpoints);
        PageEndpoints.Map(endpoints);
    }
}
