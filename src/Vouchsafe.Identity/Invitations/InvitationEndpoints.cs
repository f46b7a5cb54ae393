using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.ActionLog;
using Vouchsafe.Hosting.Limits;
using Vouchsafe.Hosting.Problems;
using Vouchsafe.Hosting.Requests;
using Vouchsafe.Identity.Attempts;
using Vouchsafe.Identity.Passwords;

namespace Vouchsafe.Identity.Invitations;

internal static class InvitationEndpoints
{
    public static readonly ProblemKind AlreadyMember = new("already-member", StatusCodes.Status409Conflict, "This person is already a member.");
    public static readonly ProblemKind TooManyInvitations = new("too-many-invitations", StatusCodes.Status429TooManyRequests,
        "Too many invitations. Try again later.");
    public static readonly ProblemKind LinkRefused = new("link-refused", StatusCodes.Status410Gone, "This link no longer works. Ask for a new one.");
    public static readonly ProblemKind Withdrawn = new("invitation-withdrawn", StatusCodes.Status410Gone,
        "This invitation was withdrawn. Ask the company for a new one.");
    public static readonly ProblemKind Staff = new("staff-account", StatusCodes.Status409Conflict, "Operator staff can't join a tenant. Use another address.");

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var ours = endpoints.MapGroup("/api").TenantsAlone().WithTags("Members");
        ours.MapPost("/members", InviteAsync).RequirePermission("members.manage").CountAttempts(AttemptKind.Mail, "invitation")
            .Accepts<NewMember>("application/json").Produces<InvitationSent>(StatusCodes.Status202Accepted)
            .WithSummary("Invites a person by mail; they become a member when they accept");
        ours.MapGet("/invitations", ListAsync).RequirePermission("members.manage").ReadsPersonalData("invitations")
            .Produces<IReadOnlyList<Invitation>>().WithSummary("The tenant's open invitations");
        ours.MapPost("/invitations/{invitation:guid}/resend", ResendAsync).RequirePermission("members.manage")
            .Produces<InvitationSent>(StatusCodes.Status202Accepted).WithSummary("Sends an invitation with a new link; the link before opens nothing any more");
        ours.MapDelete("/invitations/{invitation:guid}", WithdrawAsync).RequirePermission("members.manage")
            .Produces(StatusCodes.Status204NoContent).WithSummary("Withdraws an open invitation");
        var theirs = endpoints.MapGroup("/api/invitations").OpenToAnybody("the link from the mailbox is the credential")
            .StaysOpenWhenReadOnly("it concerns the mailbox, not the tenant of whoever is signed in").LimitSignIn().WithTags("Members");
        theirs.MapPost("/view", ViewAsync).NothingToGuess("the token has 256 bits").Accepts<LinkToken>("application/json").Produces<OfferedInvitation>()
            .WithSummary("Who invites to what, for the holder of the link");
        theirs.MapPost("/accept", AcceptAsync).CountAttempts(AttemptKind.Link, "invitation").Accepts<AcceptedInvitation>("application/json").Produces<JoinedTenant>()
            .WithSummary("Accepts: with the password of the address's account, or the one that its new account is to have");
    }

    private static async Task<IResult> InviteAsync(HttpContext context, InvitationStore invitations)
    {
        var (body, refusal) = await JsonBody.ReadAsync<NewMember>(context);
        if (body is null) return refusal!;
        var (change, invitation, errors) = await invitations.InviteAsync(Caller.Required(context).Scope, body.Email, body.Role, context.RequestAborted);
        return change == InvitationChange.Invalid ? Problem.OfFields(errors) : Sent(change, invitation);
    }

    private static async Task<IResult> ListAsync(HttpContext context, InvitationStore invitations)
    {
        context.Response.Headers.CacheControl = "no-store";
        return Results.Ok(await invitations.ListAsync(Caller.Required(context).Scope.Tenant, context.RequestAborted));
    }

    private static async Task<IResult> ResendAsync(Guid invitation, HttpContext context, InvitationStore invitations)
    {
        var (change, sent) = await invitations.ResendAsync(Caller.Required(context).Scope, invitation, context.RequestAborted);
        return Sent(change, sent);
    }

    private static async Task<IResult> WithdrawAsync(Guid invitation, HttpContext context, InvitationStore invitations) =>
        await invitations.WithdrawAsync(Caller.Required(context).Scope, invitation, context.RequestAborted) == InvitationChange.Done
            ? Results.NoContent()
            : Problem.Of(ProblemKind.NotFound);

    private static async Task<IResult> ViewAsync(HttpContext context, InvitationStore invitations)
    {
        var (body, refusal) = await JsonBody.ReadAsync<LinkToken>(context);
        if (body is null) return refusal!;
        context.Response.Headers.CacheControl = "no-store";
        return await invitations.FindAsync(body.Token, context.RequestAborted) is { } offered ? Results.Ok(offered) : await GoneAsync(body.Token, context, invitations);
    }

    private static async Task<IResult> AcceptAsync(HttpContext context, InvitationStore invitations)
    {
        var (body, refusal) = await JsonBody.ReadAsync<AcceptedInvitation>(context);
        if (body is null) return refusal!;
        context.Response.Headers.CacheControl = "no-store";
        var (result, code, wait) = await invitations.AcceptAsync(body.Token, body.Password, context.Connection.RemoteIpAddress ?? IPAddress.None, context.RequestAborted);
        return result switch
        {
            Acceptance.Accepted => Results.Ok(new JoinedTenant(code!)),
            Acceptance.WrongPassword => Problem.Of(AttemptProblems.WrongPassword),
            Acceptance.BadPassword => Problem.OfField("password", PasswordRules.ProblemOf(body.Password)!),
            Acceptance.Staff => Problem.Of(Staff),
            Acceptance.TooMany => AttemptProblems.TooMany(context, wait!.Value),
            _ => await GoneAsync(body.Token, context, invitations),
        };
    }

    private static async Task<IResult> GoneAsync(string token, HttpContext context, InvitationStore invitations) =>
        Problem.Of(await invitations.IsWithdrawnAsync(token, context.RequestAborted) ? Withdrawn : LinkRefused);

    private static IResult Sent(InvitationChange change, Invitation? invitation) => change switch
    {
        InvitationChange.Done => Results.Accepted("/api/invitations", new InvitationSent(invitation!.Id, invitation.ExpiresAt)),
        InvitationChange.AlreadyMember => Problem.Of(AlreadyMember),
        InvitationChange.TooMany => Problem.Of(TooManyInvitations),
        _ => Problem.Of(ProblemKind.NotFound),
    };
}

/// <param name="Role">user or admin.</param>
public sealed record NewMember(string Email, string Role)
{
    public override string ToString() => "new member";
}

/// <param name="Invitation">Its id, random. The same answer whether or not the address has an account.</param>
public sealed record InvitationSent(Guid Invitation, DateTimeOffset ExpiresAt);

/// <param name="Token">From the link.</param>
public sealed record LinkToken(string Token)
{
    public override string ToString() => "link";
}

/// <param name="Token">From the link.</param>
/// <param name="Password">Of the address's account; where it has none, the new account's.</param>
public sealed record AcceptedInvitation(string Token, string Password)
{
    public override string ToString() => "accepted invitation";
}

/// <param name="Tenant">Its code, to sign in with.</param>
public sealed record JoinedTenant(string Tenant);
