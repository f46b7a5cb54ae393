using Backoffice.Access;
using Backoffice.Checking;
using Backoffice.Customers;
using Backoffice.Invoicing;
using Backoffice.Paging;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.ActionLog;
using Vouchsafe.Hosting.Problems;
using Vouchsafe.Hosting.Requests;

namespace Backoffice.Pages;

/// <summary>Pages over the same stores as the JSON API. Forms from other sites are refused where callers are authenticated.</summary>
internal static class PageEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/backoffice.css", Style).OpenToAnybody("a style sheet").ExcludeFromDescription();
        var pages = endpoints.MapGroup("").TenantsAlone().ExcludeFromDescription();
        pages.MapGet("/customers", CustomersAsync).RequirePermission("customers.read").ReadsPersonalData("customers");
        pages.MapPost("/customers", AddCustomerAsync).RequirePermission("customers.write");
        pages.MapGet("/invoices", InvoicesAsync).RequirePermission("invoices.read").ReadsPersonalData("customers");
        OrderPages.Map(pages);
    }

    /// <summary>A page as an answer that no cache keeps.</summary>
    public static IResult Show<TPage>(HttpContext context, Dictionary<string, object?> parameters, int status = StatusCodes.Status200OK) where TPage : IComponent
    {
        context.Response.Headers.CacheControl = "no-store";
        return new RazorComponentResult<TPage>(parameters) { StatusCode = status };
    }

    private static IResult Style() => Results.Stream(typeof(PageEndpoints).Assembly.GetManifestResourceStream("backoffice.css")!, "text/css; charset=utf-8");

    private static async Task<IResult> CustomersAsync(HttpContext context, CustomerStore customers)
    {
        var (query, errors) = PageQuery.Read(context.Request);
        if (query is null) return Problem.Of(ProblemKind.InvalidInput, errors: errors);
        var page = await customers.ListAsync(Caller.Required(context).Scope, query, context.RequestAborted);
        return Show<CustomersPage>(context, new() { ["Customers"] = page, ["Search"] = query.Search });
    }

    private static async Task<IResult> AddCustomerAsync(HttpContext context, CustomerStore customers)
    {
        var (form, refusal) = await FormBody.ReadAsync(context);
        if (form is null) return refusal!;
        string Field(string name) => form.GetValueOrDefault(name, "");
        var checks = new Checks();
        var input = new CustomerInput(Field("name"), Field("country"), Field("contactName"), Field("email"), Field("phone"), Field("street"), Field("postalCode"), Field("city"), Field("vatNumber")).Check(checks);
        var scope = Caller.Required(context).Scope;
        if (!checks.Passed)
            return Show<CustomersPage>(context, new() { ["Customers"] = await customers.ListAsync(scope, new PageQuery(PageQuery.Usual, null, null), context.RequestAborted), ["Errors"] = checks.Errors },
                StatusCodes.Status400BadRequest);
        await customers.AddAsync(scope, input, context.RequestAborted);
        return Results.Redirect("/customers?q=" + Uri.EscapeDataString(input.Name[..Math.Min(input.Name.Length, PageQuery.LongestSearch)]));
    }

    private static async Task<IResult> InvoicesAsync(HttpContext context, InvoiceReading invoices)
    {
        var (query, errors) = PageQuery.Read(context.Request);
        if (query is null) return Problem.Of(ProblemKind.InvalidInput, errors: errors);
        return Show<InvoicesPage>(context, new() { ["Invoices"] = await invoices.ListAsync(Caller.Required(context).Scope, query, null, context.RequestAborted) });
    }
}
