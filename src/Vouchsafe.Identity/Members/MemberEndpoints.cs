using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Problems;
using Vouchsafe.Hosting.Requests;

namespace Vouchsafe.Identity.Members;

internal static class MemberEndpoints
{
    public static readonly ProblemKind LastAdministrator = new("last-administrator", StatusCodes.Status409Conflict, "A tenant needs at least one administrator.");

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var members = endpoints.MapGroup("/api/members").WithTags("Members");
        members.MapGet("", ListAsync).RequirePermission("members.read")
            .Produces<IReadOnlyList<Member>>().WithSummary("The tenant's members");
        members.MapPut("/{user:guid}/role", ChangeRoleAsync).RequirePermission("members.manage")
            .Accepts<NewRole>("application/json").Produces(StatusCodes.Status204NoContent).WithSummary("Changes a member's role");
        members.MapDelete("/{user:guid}", RemoveAsync).RequirePermission("members.manage")
            .Produces(StatusCodes.Status204NoContent).WithSummary("Removes a member; their sessions in this tenant end");
    }

    private static async Task<IResult> ListAsync(HttpContext context, MemberStore members) =>
        Tenant(context) is { } caller ? Results.Ok(await members.ListAsync(caller.Scope.Tenant, context.RequestAborted)) : Problem.Of(ProblemKind.Forbidden);

    private static async Task<IResult> ChangeRoleAsync(Guid user, HttpContext context, MemberStore members)
    {
        if (Tenant(context) is not { } caller) return Problem.Of(ProblemKind.Forbidden);
        var (body, refusal) = await JsonBody.ReadAsync<NewRole>(context);
        if (body is null) return refusal!;
        return Answer(await members.ChangeRoleAsync(caller.Scope, user, body.Role, context.RequestAborted));
    }

    private static async Task<IResult> RemoveAsync(Guid user, HttpContext context, MemberStore members) =>
        Tenant(context) is { } caller ? Answer(await members.RemoveAsync(caller.Scope, user, context.RequestAborted)) : Problem.Of(ProblemKind.Forbidden);

    private static IResult Answer(MemberChange change) => change switch
    {
        MemberChange.Done => Results.NoContent(),
        MemberChange.Invalid => Problem.OfField("role", new FieldProblem(FieldCode.Unknown, "user or admin.")),
        MemberChange.NoSuchMember => Problem.Of(ProblemKind.NotFound),
        _ => Problem.Of(LastAdministrator),
    };

    /// <summary>The caller, unless it is staff: staff has no tenant whose members these could be.</summary>
    private static Caller? Tenant(HttpContext context) => Caller.Required(context) is { Tenant: not null } caller ? caller : null;
}

/// <param name="Role">user or admin.</param>
public sealed record NewRole(string Role);
