using Backoffice.Checking;
using Backoffice.Customers;
using Backoffice.Invoicing;
using Backoffice.Paging;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.ActionLog;
using Vouchsafe.Hosting.Problems;
using Vouchsafe.Hosting.Requests;
using Vouchsafe.Web.Layout;

namespace Backoffice.Pages;

/// <summary>Pages over the same stores as the JSON API. Forms from other sites are refused where callers are authenticated.</summary>
internal static class PageEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var pages = endpoints.MapGroup("").TenantsAlone().ExcludeFromDescription();
        pages.MapGet("/customers", CustomersAsync).RequirePermission("customers.read").ReadsPersonalData("customers");
        pages.MapGet("/customers/new", (HttpContext context) => FramedPage.Show<NewCustomerPage>(context)).RequirePermission("customers.write");
        pages.MapPost("/customers", AddCustomerAsync).RequirePermission("customers.write");
        pages.MapGet("/invoices", InvoicesAsync).RequirePermission("invoices.read").ReadsPersonalData("customers");
        OrderPages.Map(pages);
    }

    private static async Task<IResult> CustomersAsync(HttpContext context, CustomerStore customers)
    {
        var (query, errors) = PageQuery.Read(context.Request);
        if (query is null) return Problem.Of(ProblemKind.InvalidInput, errors: errors);
        var page = await customers.ListAsync(Caller.Required(context).Scope, query, context.RequestAborted);
        return FramedPage.Show<CustomersPage>(context, new() { [nameof(CustomersPage.Customers)] = page, [nameof(CustomersPage.Search)] = query.Search });
    }

    private static async Task<IResult> AddCustomerAsync(HttpContext context, CustomerStore customers)
    {
        var (form, refusal) = await FormBody.ReadAsync(context);
        if (form is null) return refusal!;
        string Field(string name) => form.GetValueOrDefault(name, "");
        var checks = new Checks();
        var input = new CustomerInput(Field("name"), Field("country"), Field("contactName"), Field("email"), Field("phone"), Field("street"), Field("postalCode"), Field("city"), Field("vatNumber")).Check(checks);
        if (!checks.Passed)
            return FramedPage.Show<NewCustomerPage>(context, new() { [nameof(NewCustomerPage.Errors)] = checks.Errors, [nameof(NewCustomerPage.Sent)] = form }, StatusCodes.Status400BadRequest);
        await customers.AddAsync(Caller.Required(context).Scope, input, context.RequestAborted);
        return SeeOther.To(context, "/customers?q=" + Uri.EscapeDataString(input.Name[..Math.Min(input.Name.Length, PageQuery.LongestSearch)]));
    }

    private static async Task<IResult> InvoicesAsync(HttpContext context, InvoiceReading invoices)
    {
        var (query, errors) = PageQuery.Read(context.Request);
        if (query is null) return Problem.Of(ProblemKind.InvalidInput, errors: errors);
        var page = await invoices.ListAsync(Caller.Required(context).Scope, query, null, context.RequestAborted);
        return FramedPage.Show<InvoicesPage>(context, new() { [nameof(InvoicesPage.Invoices)] = page, [nameof(InvoicesPage.Search)] = query.Search });
    }
}
