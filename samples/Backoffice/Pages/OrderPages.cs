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
using Vouchsafe.Web.Layout;

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
        pages.MapPost("/orders/{id:guid}/confirm", (Guid id, HttpContext context, OrderWriting orders) => MoveAsync(context, id, orders.ConfirmAsync(Caller.Required(context).Scope, id, context.RequestAborted)))
            .RequirePermission("orders.write");
        pages.MapPost("/orders/{id:guid}/cancel", (Guid id, HttpContext context, OrderWriting orders) => MoveAsync(context, id, orders.CancelAsync(Caller.Required(context).Scope, id, context.RequestAborted)))
            .RequirePermission("orders.write");
        pages.MapPost("/orders/{id:guid}/invoice", IssueAsync).RequirePermission("invoices.issue");
    }

    private static async Task<IResult> ListAsync(HttpContext context, OrderReading orders)
    {
        var (query, errors) = PageQuery.Read(context.Request);
        var (state, customer) = OrderEndpoints.Filters(context.Request.Query, errors);
        if (query is null || errors.Count > 0) return Problem.Of(ProblemKind.InvalidInput, errors: errors);
        var page = await orders.ListAsync(Caller.Required(context).Scope, query, state, customer, context.RequestAborted);
        return FramedPage.Show<OrdersPage>(context, new() { [nameof(OrdersPage.Orders)] = page, [nameof(OrdersPage.Customer)] = customer, [nameof(OrdersPage.State)] = state });
    }

    private static async Task<IResult> FindAsync(Guid id, HttpContext context, OrderReading orders, InvoiceReading invoices)
    {
        var caller = Caller.Required(context);
        if (await orders.FindAsync(caller.Scope, id, context.RequestAborted) is not { } order) return Problem.Of(ProblemKind.NotFound);
        var documents = caller.Permissions.Contains("invoices.read")
            ? (await invoices.ListAsync(caller.Scope, new PageQuery(PageQuery.Usual, null, null), id, context.RequestAborted)).Items
            : [];
        return FramedPage.Show<OrderPage>(context, new() { [nameof(OrderPage.Order)] = order, [nameof(OrderPage.Invoices)] = documents });
    }

    private static Task<IResult> NewAsync(HttpContext context, CustomerStore customers) => FormAsync(context, customers, null, null);

    private static async Task<IResult> FormAsync(HttpContext context, CustomerStore customers, IReadOnlyDictionary<string, string>? sent, IReadOnlyDictionary<string, FieldProblem>? errors)
    {
        var choice = await customers.ListAsync(Caller.Required(context).Scope, new PageQuery(PageQuery.Most, null, null), context.RequestAborted);
        return FramedPage.Show<NewOrderPage>(context, 
            new() { [nameof(NewOrderPage.Customers)] = choice, [nameof(NewOrderPage.Sent)] = sent, [nameof(NewOrderPage.Errors)] = errors }, errors is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);
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
        int[] filled = [.. Enumerable.Range(1, FormLines).Where(line => form.GetValueOrDefault($"description{line}", "").Trim() != "")];
        var lines = filled.Select(line => new OrderLineInput(form[$"description{line}"], Number($"quantity{line}"), Number($"unitPrice{line}"), Number($"vatRate{line}"))).ToArray();
        checks.Demand(Guid.TryParseExact(form.GetValueOrDefault("customerId", ""), "D", out var customer), "customerId", "Choose one.", FieldCode.Required);
        var input = new OrderInput(customer, lines, Reference: form.GetValueOrDefault("reference", "")).Check(checks);
        if (!checks.Passed) return await FormAsync(context, customers, form, OnForm(checks.Errors, filled));
        var caller = Caller.Required(context);
        return await orders.AddAsync(caller.Scope, input, caller.User, context.RequestAborted) is { } order
            ? SeeOther.To(context, $"/orders/{order.Summary.Id:D}")
            : await FormAsync(context, customers, form, new Dictionary<string, FieldProblem> { ["customerId"] = new(FieldCode.Unknown, "There is no such customer.") });
    }

    /// <summary>Wrong fields as the form names them: what is <c>lines[0].quantity</c> to the API is <c>quantity3</c> where the first two lines are blank.</summary>
    private static Dictionary<string, FieldProblem> OnForm(IReadOnlyDictionary<string, FieldProblem> errors, int[] filled)
    {
        var onForm = new Dictionary<string, FieldProblem>(StringComparer.Ordinal);
        foreach (var (field, problem) in errors)
            onForm.TryAdd(field.Split(['[', ']', '.'], StringSplitOptions.RemoveEmptyEntries) is ["lines", var at, var name]
                ? string.Create(CultureInfo.InvariantCulture, $"{name}{filled[int.Parse(at, CultureInfo.InvariantCulture)]}")
                : field == "lines" ? "description1" : field, problem);
        return onForm;
    }

    private static async Task<IResult> MoveAsync(HttpContext context, Guid id, Task<OrderChange> move) => await move switch
    {
        OrderChange.Done => SeeOther.To(context, $"/orders/{id:D}"),
        OrderChange.NoSuchOrder => Problem.Of(ProblemKind.NotFound),
        _ => Problem.Of(OrderEndpoints.WrongState),
    };

    private static async Task<IResult> IssueAsync(Guid id, HttpContext context, InvoiceIssuing issuing) =>
        (await issuing.IssueAsync(Caller.Required(context).Scope, id, context.RequestAborted)).Outcome switch
        {
            IssueOutcome.Done => SeeOther.To(context, $"/orders/{id:D}"),
            IssueOutcome.NotFound => Problem.Of(ProblemKind.NotFound),
            _ => Problem.Of(InvoiceEndpoints.NotConfirmed),
        };
}
