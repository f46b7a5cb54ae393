using Backoffice.Invoicing;
using Backoffice.Orders;
using Backoffice.Paging;
using Vouchsafe.Assurance.Sightings;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.ActionLog;
using Vouchsafe.Identity.SettingUp;
using Vouchsafe.Web.Layout;

namespace Backoffice.Overview;

/// <summary>The front door: what the product is, for whoever isn't signed in; how things stand, for whoever is.</summary>
internal static class OverviewPages
{
    private const int Newest = 6;

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/", FrontAsync).OpenToAnybody("the front door").ExcludeFromDescription();
        endpoints.MapGroup("/overview").TenantsAlone().ExcludeFromDescription()
            .MapGet("", ShowAsync).RequirePermission("orders.read").RequirePermission("invoices.read").ReadsPersonalData("customers");
    }

    private static async Task<IResult> FrontAsync(HttpContext context, ClaimBoard claims, SetUp setUp, TimeProvider time)
    {
        if (Caller.Of(context) is { } caller)
            return Results.Redirect(caller switch
            {
                { Tenant: not null } when caller.Permissions.Contains("orders.read") && caller.Permissions.Contains("invoices.read") => "/overview",
                _ when caller.Permissions.Contains("assurance.read") => "/operator",
                _ => "/account",
            });
        var states = await claims.StatesAsync(time.GetUtcNow(), context.RequestAborted);
        return FramedPage.Show<LandingPage>(context, new()
        {
            [nameof(LandingPage.Counts)] = states.CountBy(state => state.Verdict).ToDictionary(),
            [nameof(LandingPage.NeedsSetUp)] = await setUp.IsOpenAsync(context.RequestAborted),
        });
    }

    private static async Task<IResult> ShowAsync(HttpContext context, OverviewReading overview, OrderReading orders, InvoiceReading invoices)
    {
        var (scope, stop) = (Caller.Required(context).Scope, context.RequestAborted);
        var first = new PageQuery(Newest, null, null);
        return FramedPage.Show<OverviewPage>(context, new()
        {
            [nameof(OverviewPage.Figures)] = await overview.ReadAsync(scope, stop),
            [nameof(OverviewPage.Orders)] = (await orders.ListAsync(scope, first, null, null, stop)).Items,
            [nameof(OverviewPage.Invoices)] = (await invoices.ListAsync(scope, first, null, stop)).Items,
        });
    }
}
