using Backoffice.Checking;
using Backoffice.Paging;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.ActionLog;
using Vouchsafe.Hosting.Problems;
using Vouchsafe.Hosting.Requests;

namespace Backoffice.Customers;

internal static class CustomerEndpoints
{
    public static readonly ProblemKind ChangedMeanwhile = new("changed-meanwhile", StatusCodes.Status409Conflict, "Someone changed this in the meantime. Read it again.");

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var customers = endpoints.MapGroup("/api/customers").WithTags("Customers").TenantsAlone();
        customers.MapGet("", ListAsync).RequirePermission("customers.read").ReadsPersonalData("customers")
            .Produces<Page<Customer>>().WithSummary("The tenant's customers by name; parameters: limit, after, q");
        customers.MapGet("/{id:guid}", FindAsync).RequirePermission("customers.read").ReadsPersonalData("customers")
            .Produces<Customer>().WithSummary("One customer");
        customers.MapPost("", AddAsync).RequirePermission("customers.write")
            .Accepts<CustomerInput>("application/json").Produces<Customer>(StatusCodes.Status201Created).WithSummary("Adds a customer");
        customers.MapPut("/{id:guid}", ChangeAsync).RequirePermission("customers.write")
            .Accepts<CustomerInput>("application/json").Produces(StatusCodes.Status204NoContent).WithSummary("Changes a customer; names the version that was read");
    }

    private static async Task<IResult> ListAsync(HttpContext context, CustomerStore customers)
    {
        var (query, errors) = PageQuery.Read(context.Request);
        return query is null ? Problem.Of(ProblemKind.InvalidInput, errors: errors) : Results.Ok(await customers.ListAsync(Caller.Required(context).Scope, query, context.RequestAborted));
    }

    private static async Task<IResult> FindAsync(Guid id, HttpContext context, CustomerStore customers)
    {
        return await customers.FindAsync(Caller.Required(context).Scope, id, context.RequestAborted) is { } customer ? Results.Ok(customer) : Problem.Of(ProblemKind.NotFound);
    }

    private static async Task<IResult> AddAsync(HttpContext context, CustomerStore customers)
    {
        var (body, refusal) = await JsonBody.ReadAsync<CustomerInput>(context);
        if (body is null) return refusal!;
        var checks = new Checks();
        var input = body.Check(checks);
        if (!checks.Passed) return Problem.OfFields(checks.Errors);
        var customer = await customers.AddAsync(Caller.Required(context).Scope, input, context.RequestAborted);
        return Results.Created($"/api/customers/{customer.Id:D}", customer);
    }

    private static async Task<IResult> ChangeAsync(Guid id, HttpContext context, CustomerStore customers)
    {
        var (body, refusal) = await JsonBody.ReadAsync<CustomerInput>(context);
        if (body is null) return refusal!;
        var checks = new Checks();
        var input = body.Check(checks);
        checks.Demand(input.Version > 0, "version", "The version that was read.");
        if (!checks.Passed) return Problem.OfFields(checks.Errors);
        return await customers.ChangeAsync(Caller.Required(context).Scope, id, input, context.RequestAborted) switch
        {
            CustomerChange.Done => Results.NoContent(),
            CustomerChange.NoSuchCustomer => Problem.Of(ProblemKind.NotFound),
            _ => Problem.Of(ChangedMeanwhile),
        };
    }
}
