using System.Globalization;
using Backoffice.Checking;
using Backoffice.Customers;
using Backoffice.Invoicing;
using Backoffice.Orders;
using Backoffice.Paging;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.ActionLog;
using Vouchsafe.Hosting.Problems;
using Vouchsafe.Hosting.Requests;

namespace Backoffice.Pages;

internal static class OrderPages
{
    /// <summary>Lines of the form; more are written through the API.</summary>
    public const int FormLines = 5;

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet("/orders", ListAsync).RequirePermission("orders.read").ReadsPersonalData("customers");
        pages.MapGet("/orders/new", NewAsync).RequirePermission("orders.write").RequirePermission("customers.read").ReadsPersonalData("customers");
        pages.MapGet("/orders/{id:guid}", FindAsync).RequirePermission("orders.read").ReadsPersonalData("customers");
        pages.MapPost("/orders", AddAsync).RequirePermission("orders.write").RequirePermission("customers.read");
        pages.MapPost("/orders/{id:guid}/confirm", (Guid id, HttpContext context, OrderWriting orders) => MoveAsync(id, orders.ConfirmAsync(Caller.Required(context).Scope, id, context.RequestAborted)))
            .RequirePermission("orders.write");
        pages.MapPost("/orders/{id:guid}/cancel", (Guid id, HttpContext context, OrderWriting orders) => MoveAsync(id, orders.CancelAsync(Caller.Required(context).Scope, id, context.RequestAborted)))
            .RequirePermission("orders.write");
        pages.MapPost("/orders/{id:guid}/invoice", IssueAsync).RequirePermission("invoices.issue");
    }

    private static async Task<IResult> ListAsync(HttpContext context, OrderReading orders)
    {
        var (query, errors) = PageQuery.Read(context.Request);
        var (state, customer) = OrderEndpoints.Filters(context.Request.Query, errors);
        if (query is null || errors.Count > 0) return Problem.Of(ProblemKind.InvalidInput, errors: errors);
        var page = await orders.ListAsync(Caller.Required(context).Scope, query, state, customer, context.RequestAborted);
        return PageEndpoints.Show<OrdersPage>(context, new() { ["Orders"] = page, ["Customer"] = customer });
    }

    private static async Task<IResult> FindAsync(Guid id, HttpContext context, OrderReading orders, InvoiceReading invoices)
    {
        var caller = Caller.Required(context);
        if (await orders.FindAsync(caller.Scope, id, context.RequestAborted) is not { } order) return Problem.Of(ProblemKind.NotFound);
        var documents = caller.Permissions.Contains("invoices.read")
            ? (await invoices.ListAsync(caller.Scope, new PageQuery(PageQuery.Usual, null, null), id, context.RequestAborted)).Items
            : [];
        return PageEndpoints.Show<OrderPage>(context, new() { ["Order"] = order, ["Invoices"] = documents, ["MayIssue"] = caller.Permissions.Contains("invoices.issue") });
    }

    private static Task<IResult> NewAsync(HttpContext context, CustomerStore customers) => FormAsync(context, customers, null);

    private static async Task<IResult> FormAsync(HttpContext context, CustomerStore customers, IReadOnlyDictionary<string, string>? errors)
    {
        var choice = await customers.ListAsync(Caller.Required(context).Scope, new PageQuery(PageQuery.Most, null, null), context.RequestAborted);
        return PageEndpoints.Show<NewOrderPage>(context, new() { ["Customers"] = choice, ["Errors"] = errors }, errors is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);
    }

    private static async Task<IResult> AddAsync(HttpContext context, OrderWriting orders, CustomerStore customers)
    {
        var (form, refusal) = await FormBody.ReadAsync(context);
        if (form is null) return refusal!;
        var checks = new Checks();
        decimal Number(string field)
        {
            var read = decimal.TryParse(form.GetValueOrDefault(field, ""), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number);
            checks.Demand(read, field, "A number, with a point before the decimals.");
            return number;
        }
        var lines = Enumerable.Range(1, FormLines).Where(line => form.GetValueOrDefault($"description{line}", "").Trim() != "")
            .Select(line => new OrderLineInput(form[$"description{line}"], Number($"quantity{line}"), Number($"unitPrice{line}"), Number($"vatRate{line}"))).ToArray();
        checks.Demand(Guid.TryParseExact(form.GetValueOrDefault("customerId", ""), "D", out var customer), "customerId", "Choose one.");
        var input = new OrderInput(customer, lines, Reference: form.GetValueOrDefault("reference", "")).Check(checks);
        if (!checks.Passed) return await FormAsync(context, customers, checks.Errors);
        var caller = Caller.Required(context);
        return await orders.AddAsync(caller.Scope, input, caller.User, context.RequestAborted) is { } order
            ? Results.Redirect($"/orders/{order.Summary.Id:D}")
            : await FormAsync(context, customers, new Dictionary<string, string> { ["customerId"] = "There is no such customer." });
    }

    private static async Task<IResult> MoveAsync(Guid id, Task<OrderChange> move) => await move switch
    {
        OrderChange.Done => Results.Redirect($"/orders/{id:D}"),
        OrderChange.NoSuchOrder => Problem.Of(ProblemKind.NotFound),
        _ => Problem.Of(OrderEndpoints.WrongState),
    };

    private static async Task<IResult> IssueAsync(Guid id, HttpContext context, InvoiceIssuing issuing) =>
        (await issuing.IssueAsync(Caller.Required(context).Scope, id, context.RequestAborted)).Outcome switch
        {
            IssueOutcome.Done => Results.Redirect($"/orders/{id:D}"),
            IssueOutcome.NotFound => Problem.Of(ProblemKind.NotFound),
            _ => Problem.Of(InvoiceEndpoints.NotConfirmed),
        };
}
