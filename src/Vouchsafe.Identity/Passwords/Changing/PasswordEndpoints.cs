using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Limits;
using Vouchsafe.Hosting.Problems;
using Vouchsafe.Hosting.Requests;
using Vouchsafe.Identity.Attempts;
using Vouchsafe.Identity.Invitations;

namespace Vouchsafe.Identity.Passwords.Changing;

internal static class PasswordEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/api/account/password", ChangeAsync)
            .RequirePermission("account.manage").StaysOpenWhenReadOnly("one can always guard one's account").LimitSignIn().CountAttempts(AttemptKind.Session)
            .Accepts<NewPassword>("application/json").Produces(StatusCodes.Status204NoContent).WithTags("Account")
            .WithSummary("Changes the password; all other sessions end, and other devices are trusted no more");
        endpoints.MapPost("/api/account/reset", AskAsync)
            .OpenToAnybody("whoever forgot their password can't sign in")
            .StaysOpenWhenReadOnly("it concerns the mailbox, not the tenant of whoever is signed in").LimitSignIn().CountAttempts(AttemptKind.Mail, "reset")
            .Accepts<ResetRequest>("application/json").Produces(StatusCodes.Status202Accepted).WithTags("Account")
            .WithSummary("Sends a link to the mailbox; the same answer for any address");
        endpoints.MapPost("/api/account/reset/complete", CompleteAsync)
            .OpenToAnybody("the link from the mailbox is the credential")
            .StaysOpenWhenReadOnly("it concerns the mailbox, not the tenant of whoever is signed in").LimitSignIn()
            .NothingToGuess("the token has 256 bits, and the password is chosen here")
            .Accepts<ResetCompletion>("application/json").Produces(StatusCodes.Status204NoContent).WithTags("Account")
            .WithSummary("Sets a new password with the link's token; all sessions end");
    }

    private static async Task<IResult> ChangeAsync(HttpContext context, PasswordChange change)
    {
        var (body, refusal) = await JsonBody.ReadAsync<NewPassword>(context);
        if (body is null) return refusal!;
        var (result, wait) = await change.ChangeAsync(context, body.Current, body.Chosen, context.RequestAborted);
        return result switch
        {
            PasswordChangeResult.Changed => Results.NoContent(),
            PasswordChangeResult.BadPassword => Problem.OfField("chosen", PasswordRules.ProblemOf(body.Chosen)!),
            PasswordChangeResult.TooMany => AttemptProblems.TooMany(context, wait!.Value),
            _ => Problem.Of(AttemptProblems.WrongPassword),
        };
    }

    private static async Task<IResult> AskAsync(HttpContext context, PasswordReset reset)
    {
        var (body, refusal) = await JsonBody.ReadAsync<ResetRequest>(context);
        if (body is null) return refusal!;
        return await reset.AskAsync(body.Email, From(context), context.RequestAborted) is { } wait ? AttemptProblems.TooMany(context, wait) : Results.Accepted();
    }

    private static async Task<IResult> CompleteAsync(HttpContext context, PasswordReset reset)
    {
        var (body, refusal) = await JsonBody.ReadAsync<ResetCompletion>(context);
        if (body is null) return refusal!;
        return await reset.CompleteAsync(context, body.Token, body.Password, context.RequestAborted) switch
        {
            PasswordResetResult.Done => Results.NoContent(),
            PasswordResetResult.BadPassword => Problem.OfField("password", PasswordRules.ProblemOf(body.Password)!),
            _ => Problem.Of(InvitationEndpoints.LinkRefused),
        };
    }

    private static IPAddress From(HttpContext context) => context.Connection.RemoteIpAddress ?? IPAddress.None;
}

/// <param name="Current">The password until now.</param>
/// <param name="Chosen">The password from now on.</param>
public sealed record NewPassword(string Current, string Chosen)
{
    public override string ToString() => "new password";
}

public sealed record ResetRequest(string Email)
{
    public override string ToString() => "reset request";
}

/// <param name="Token">From the link.</param>
/// <param name="Password">The password from now on.</param>
public sealed record ResetCompletion(string Token, string Password)
{
    public override string ToString() => "reset completion";
}
