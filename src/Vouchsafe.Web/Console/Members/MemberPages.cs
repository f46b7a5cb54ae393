using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.ActionLog;
using Vouchsafe.Hosting.Limits;
using Vouchsafe.Hosting.Problems;
using Vouchsafe.Hosting.Requests;
using Vouchsafe.Identity.Invitations;
using Vouchsafe.Identity.Members;
using Vouchsafe.Web.Layout;

namespace Vouchsafe.Web.Console.Members;

/// <summary>A tenant's members, for its administrators: the same store as <c>/api/members</c>.</summary>
internal static class MemberPages
{
    private const string Path = "/members";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var pages = endpoints.MapGroup(Path).TenantsAlone().ExcludeFromDescription();
        pages.MapGet("", ListAsync).RequirePermission("members.read").ReadsPersonalData("members");
        pages.MapPost("", InviteAsync).RequirePermission("members.manage").CountAttempts(AttemptKind.Mail, "invitation");
        pages.MapPost("/invitations/{invitation:guid}/resend", ResendAsync).RequirePermission("members.manage");
        pages.MapPost("/invitations/{invitation:guid}/withdraw", WithdrawAsync).RequirePermission("members.manage");
        pages.MapPost("/{user:guid}/role", ChangeRoleAsync).RequirePermission("members.manage");
        pages.MapPost("/{user:guid}/remove", RemoveAsync).RequirePermission("members.manage");
    }

    private static async Task<IResult> ListAsync(HttpContext context, MemberStore members, InvitationStore invitations, FormDraft draft)
    {
        var (caller, asked) = (Caller.Required(context), draft.Take(context, Path));
        return FramedPage.Show<MembersPage>(context, new()
        {
            [nameof(MembersPage.Members)] = await members.ListAsync(caller.Scope.Tenant, context.RequestAborted),
            [nameof(MembersPage.Invitations)] = caller.Permissions.Contains("members.manage")
                ? await invitations.ListAsync(caller.Scope.Tenant, context.RequestAborted)
                : [],
            [nameof(MembersPage.Asked)] = asked.Count == 0 ? null : new NewMember(asked.GetValueOrDefault("email", ""), asked.GetValueOrDefault("role", "")),
            [nameof(MembersPage.Errors)] = FormErrors.Of(context.Request),
            [nameof(MembersPage.Done)] = context.Request.Query["done"] is [{ } done] ? done : null,
        });
    }

    private static async Task<IResult> InviteAsync(HttpContext context, InvitationStore invitations, FormDraft draft)
    {
        var (form, refusal) = await FormBody.ReadAsync(context);
        if (form is null) return refusal!;
        var (email, role) = (form.GetValueOrDefault("email", ""), form.GetValueOrDefault("role", ""));
        var (change, _, errors) = await invitations.InviteAsync(Caller.Required(context).Scope, email, role, context.RequestAborted);
        if (change != InvitationChange.Invalid) return Answer(context, change, "invited");
        draft.Keep(context, Path, [KeyValuePair.Create("email", (string?)email), KeyValuePair.Create("role", (string?)role)]);
        return SeeOther.To(context, Path + QueryString.Create("error", errors.InAddress()));
    }

    private static async Task<IResult> ResendAsync(Guid invitation, HttpContext context, InvitationStore invitations) =>
        Answer(context, (await invitations.ResendAsync(Caller.Required(context).Scope, invitation, context.RequestAborted)).Change, "invited");

    private static async Task<IResult> WithdrawAsync(Guid invitation, HttpContext context, InvitationStore invitations) =>
        Answer(context, await invitations.WithdrawAsync(Caller.Required(context).Scope, invitation, context.RequestAborted), "withdrawn");

    private static IResult Answer(HttpContext context, InvitationChange change, string done) => change == InvitationChange.NoSuchInvitation
        ? Problem.Of(ProblemKind.NotFound)
        : SeeOther.To(context, Path + QueryString.Create("done", change switch
        {
            InvitationChange.Done => done,
            InvitationChange.AlreadyMember => "already",
            _ => "many",
        }));

    private static async Task<IResult> ChangeRoleAsync(Guid user, HttpContext context, MemberStore members)
    {
        var (form, refusal) = await FormBody.ReadAsync(context);
        if (form is null) return refusal!;
        return Answer(context, await members.ChangeRoleAsync(Caller.Required(context).Scope, user, form.GetValueOrDefault("role", ""), context.RequestAborted), "changed");
    }

    private static async Task<IResult> RemoveAsync(Guid user, HttpContext context, MemberStore members) =>
        Answer(context, await members.RemoveAsync(Caller.Required(context).Scope, user, context.RequestAborted), "removed");

    private static IResult Answer(HttpContext context, MemberChange change, string done)
    {
        if (change == MemberChange.NoSuchMember) return Problem.Of(ProblemKind.NotFound);
        if (change == MemberChange.Invalid) return Problem.Of(ProblemKind.InvalidInput);
        return SeeOther.To(context, Path + QueryString.Create("done", change switch
        {
            MemberChange.Done => done,
            _ => "last",
        }));
    }
}
