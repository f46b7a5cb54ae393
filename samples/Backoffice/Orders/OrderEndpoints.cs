using Backoffice.Checking;
using Backoffice.Customers;
using Backoffice.Paging;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Accounts;
using Vouchsafe.Hosting.ActionLog;
using Vouchsafe.Hosting.Problems;
using Vouchsafe.Hosting.Requests;

namespace Backoffice.Orders;

internal static class OrderEndpoints
{
    public static readonly ProblemKind WrongState = new("wrong-state", StatusCodes.Status409Conflict, "In its present state the order doesn't allow this.");
    private const int MostShared = 20;

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var orders = endpoints.MapGroup("/api/orders").WithTags("Orders").TenantsAlone();
        orders.MapGet("", ListAsync).RequirePermission("orders.read").ReadsPersonalData("customers")
            .Produces<Page<OrderSummary>>().WithSummary("Orders, the newest first; parameters: limit, after, q, state, customer");
        orders.MapGet("/{id:guid}", FindAsync).RequirePermission("orders.read").ReadsPersonalData("customers").Produces<Order>().WithSummary("One order with its lines");
        orders.MapPost("", AddAsync).RequirePermission("orders.write")
            .Accepts<OrderInput>("application/json").Produces<Order>(StatusCodes.Status201Created).WithSummary("Writes a draft");
        orders.MapPut("/{id:guid}", ChangeAsync).RequirePermission("orders.write")
            .Accepts<OrderInput>("application/json").Produces(StatusCodes.Status204NoContent).WithSummary("Replaces a draft's content; names the version that was read");
        orders.MapPost("/{id:guid}/confirm", ConfirmAsync).RequirePermission("orders.write").Produces(StatusCodes.Status204NoContent).WithSummary("Confirms a draft");
        orders.MapPost("/{id:guid}/cancel", CancelAsync).RequirePermission("orders.write").Produces(StatusCodes.Status204NoContent).WithSummary("Cancels an order that has no invoice");
        orders.MapPut("/{id:guid}/sharing", ShareAsync).RequirePermission("orders.write")
            .Accepts<Sharing>("application/json").Produces(StatusCodes.Status204NoContent).WithSummary("Says which colleagues see the order");
    }

    private static async Task<IResult> ListAsync(HttpContext context, OrderReading orders)
    {
        var (query, errors) = PageQuery.Read(context.Request);
        var (state, customer) = Filters(context.Request.Query, errors);
        return query is null || errors.Count > 0
            ? Problem.Of(ProblemKind.InvalidInput, errors: errors)
            : Results.Ok(await orders.ListAsync(Caller.Required(context).Scope, query, state, customer, context.RequestAborted));
    }

    /// <summary>What a list is narrowed to; what is wrong goes to <paramref name="errors"/>.</summary>
    internal static (OrderState? State, Guid? Customer) Filters(IQueryCollection query, Dictionary<string, string> errors)
    {
        OrderState? state = null;
        if (query["state"] is { Count: > 0 } asked && asked != "")
        {
            state = Enum.GetValues<OrderState>().Select(each => (OrderState?)each).FirstOrDefault(each => each!.Value.Text() == asked.ToString());
            if (state is null) errors["state"] = "draft, confirmed, invoiced or cancelled.";
        }
        Guid? customer = null;
        if (query["customer"] is { Count: > 0 } whose && whose != "")
        {
            if (Guid.TryParseExact(whose.ToString(), "D", out var id)) customer = id;
            else errors["customer"] = "A customer's id.";
        }
        return (state, customer);
    }

    private static async Task<IResult> FindAsync(Guid id, HttpContext context, OrderReading orders) =>
        await orders.FindAsync(Caller.Required(context).Scope, id, context.RequestAborted) is { } order ? Results.Ok(order) : Problem.Of(ProblemKind.NotFound);

    private static async Task<IResult> AddAsync(HttpContext context, OrderWriting orders)
    {
        var (body, refusal) = await JsonBody.ReadAsync<OrderInput>(context);
        if (body is null) return refusal!;
        var checks = new Checks();
        var input = body.Check(checks);
        if (!checks.Passed) return Problem.OfFields(checks.Errors);
        var caller = Caller.Required(context);
        return await orders.AddAsync(caller.Scope, input, caller.User, context.RequestAborted) is { } order
            ? Results.Created($"/api/orders/{order.Summary.Id:D}", order)
            : Answer(OrderChange.NoSuchCustomer);
    }

    private static async Task<IResult> ChangeAsync(Guid id, HttpContext context, OrderWriting orders)
    {
        var (body, refusal) = await JsonBody.ReadAsync<OrderInput>(context);
        if (body is null) return refusal!;
        var checks = new Checks();
        var input = body.Check(checks);
        checks.Demand(input.Version > 0, "version", "The version that was read.");
        if (!checks.Passed) return Problem.OfFields(checks.Errors);
        return Answer(await orders.ChangeAsync(Caller.Required(context).Scope, id, input, context.RequestAborted));
    }

    private static async Task<IResult> ConfirmAsync(Guid id, HttpContext context, OrderWriting orders) =>
        Answer(await orders.ConfirmAsync(Caller.Required(context).Scope, id, context.RequestAborted));

    private static async Task<IResult> CancelAsync(Guid id, HttpContext context, OrderWriting orders) =>
        Answer(await orders.CancelAsync(Caller.Required(context).Scope, id, context.RequestAborted));

    private static async Task<IResult> ShareAsync(Guid id, HttpContext context, OrderWriting orders, IAccounts accounts)
    {
        var (body, refusal) = await JsonBody.ReadAsync<Sharing>(context);
        if (body is null) return refusal!;
        var checks = new Checks();
        checks.Demand(body.Users.Count <= MostShared, "users", $"{MostShared} colleagues at most.");
        var scope = Caller.Required(context).Scope;
        if (checks.Passed)
            foreach (var user in body.Users.Distinct())
                checks.Demand(await accounts.RoleAsync(scope.Tenant, user, context.RequestAborted) is not null, "users", "Members of the tenant alone.");
        if (!checks.Passed) return Problem.OfFields(checks.Errors);
        return Answer(await orders.ShareAsync(scope, id, body.Users, context.RequestAborted));
    }

    private static IResult Answer(OrderChange change) => change switch
    {
        OrderChange.Done => Results.NoContent(),
        OrderChange.NoSuchOrder => Problem.Of(ProblemKind.NotFound),
        OrderChange.NoSuchCustomer => Problem.OfField("customerId", new FieldProblem(FieldCode.Unknown, "There is no such customer.")),
        OrderChange.NotTheOwner => Problem.Of(ProblemKind.Forbidden),
        OrderChange.WrongState => Problem.Of(WrongState),
        _ => Problem.Of(CustomerEndpoints.ChangedMeanwhile),
    };
}

/// <param name="Users">Ids of members of the tenant.</param>
public sealed record Sharing(IReadOnlyList<Guid> Users);
