using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Accounts;
using Vouchsafe.Hosting.Limits;
using Vouchsafe.Hosting.Problems;
using Vouchsafe.Hosting.Requests;
using Vouchsafe.Tenants.Directory;
using Vouchsafe.Tenants.SigningUp;

namespace Vouchsafe.Tenants.Subscription;

internal static class SubscriptionEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/tenant", ReadAsync).RequirePermission("tenant.read")
            .Produces<TenantView>().WithTags("Tenant").WithSummary("The tenant: company, trial and subscription");
        endpoints.MapPost("/api/subscription/cancel", CancelAsync).RequirePermission("subscription.manage")
            .StaysOpenWhenReadOnly("one can cancel at any time").LimitSignIn().CountAttempts(AttemptKind.Session)
            .Accepts<Cancellation>("application/json").Produces<TenantView>().WithTags("Tenant").WithSummary("Cancels the subscription; asks for the caller's password. From then on data can't be changed, and it is deleted by the dates in the answer");
    }

    private static async Task<IResult> ReadAsync(HttpContext context, TenantStore tenants, ITenantStanding standing)
    {
        if (Caller.Required(context).Tenant is not { } tenant) return Problem.Of(ProblemKind.Forbidden);
        return Results.Ok(View(await tenants.RequiredAsync(tenant, context.RequestAborted), await standing.OfAsync(tenant, context.RequestAborted)));
    }

    private static async Task<IResult> CancelAsync(HttpContext context, Subscriptions subscriptions, IPasswordProof proof)
    {
        var caller = Caller.Required(context);
        if (caller.Tenant is null) return Problem.Of(ProblemKind.Forbidden);
        var (body, refusal) = await JsonBody.ReadAsync<Cancellation>(context);
        if (body is null) return refusal!;
        var proved = await proof.ProveAsync(caller.User, body.Password, context.Connection.RemoteIpAddress ?? IPAddress.None, context.RequestAborted);
        return proved.Right
            ? Results.Ok(View(await subscriptions.CancelAsync(caller.Scope, context.RequestAborted), Standing.Cancelled))
            : proof.Refusal(context, proved);
    }

    private static TenantView View(TenantRow row, Standing standing) => new(
        row.Tenant.Value, row.Code, row.Company, standing.ToString(), row.StartedAt, row.TrialEndsAt, row.SubscribedAt, row.CancelledAt, row.ReturnUntil, row.GoneBy);
}

/// <param name="Password">The caller's own: a session that was left open cancels nothing.</param>
public sealed record Cancellation(string Password)
{
    public override string ToString() => "cancellation";
}

/// <param name="Standing">Active, TrialEnded or Cancelled.</param>
/// <param name="ReturnUntil">Until then the data can be exported; null while not cancelled.</param>
/// <param name="GoneBy">Deleted after that, the data is in no backup by then; null while not cancelled.</param>
public sealed record TenantView(
    Guid Tenant, string Code, Company Company, string Standing, DateTimeOffset StartedAt, DateTimeOffset TrialEndsAt,
    DateTimeOffset? SubscribedAt, DateTimeOffset? CancelledAt, DateTimeOffset? ReturnUntil, DateTimeOffset? GoneBy);
