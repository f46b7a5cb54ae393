using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Accounts;
using Vouchsafe.Hosting.Limits;
using Vouchsafe.Hosting.Problems;
using Vouchsafe.Hosting.Requests;
using Vouchsafe.Identity.Attempts;
using Vouchsafe.Identity.Invitations;

namespace Vouchsafe.Identity.Links;

internal static class ConfirmationEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapPost("/api/account/confirm", ConfirmAsync)
        .OpenToAnybody("the link from the mailbox and the password are the credentials")
        .StaysOpenWhenReadOnly("it concerns the mailbox, not the tenant of whoever is signed in").LimitSignIn().CountAttempts(AttemptKind.Link, "confirmation")
        .Accepts<ConfirmedAddress>("application/json").Produces(StatusCodes.Status204NoContent).WithTags("Account")
        .WithSummary("Confirms the address of an account that was made without a link from its mailbox");

    private static async Task<IResult> ConfirmAsync(HttpContext context, AddressConfirmation confirmation)
    {
        var (body, refusal) = await JsonBody.ReadAsync<ConfirmedAddress>(context);
        if (body is null) return refusal!;
        var (verdict, wait) = await confirmation.ConfirmAsync(
            body.Token, body.Password, context.Connection.RemoteIpAddress ?? IPAddress.None, context.RequestAborted);
        return verdict switch
        {
            MailboxVerdict.Proven => Results.NoContent(),
            MailboxVerdict.WrongPassword => Problem.Of(AttemptProblems.WrongPassword),
            MailboxVerdict.TooMany => AttemptProblems.TooMany(context, wait!.Value),
            _ => Problem.Of(InvitationEndpoints.LinkRefused),
        };
    }
}

/// <param name="Token">From the link.</param>
/// <param name="Password">The account's own.</param>
public sealed record ConfirmedAddress(string Token, string Password)
{
    public override string ToString() => "confirmed address";
}
