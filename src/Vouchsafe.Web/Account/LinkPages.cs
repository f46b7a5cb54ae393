using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Accounts;
using Vouchsafe.Hosting.Limits;
using Vouchsafe.Hosting.Requests;
using Vouchsafe.Identity.Invitations;
using Vouchsafe.Identity.Links;
using Vouchsafe.Identity.Passwords.Changing;
using Vouchsafe.Tenants.SigningUp;
using Vouchsafe.Web.Languages;
using Vouchsafe.Web.Layout;

namespace Vouchsafe.Web.Account;

/// <summary>
/// The pages behind links from mails. GET shows and changes nothing, so that a mail scanner that follows the link uses nothing up; POST with a
/// password acts. The token stands in the link and the form: the pages are never stored and send no referrer.
/// </summary>
internal static class LinkPages
{
    private const string SignUp = "/sign-up/confirm";
    private const string Invitation = "/invitation";
    private const string Reset = "/reset/confirm";
    private const string Confirmation = "/account/confirm";

    /// <summary>The link opens nothing: it was found out when it was used, whatever a look at it says now.</summary>
    private const string Refused = "link.gone";

    private const string Why = "the link from the mailbox is the credential";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var pages = endpoints.MapGroup("").OpenToAnybody(Why).StaysOpenWhenReadOnly("it concerns the mailbox, not the tenant of whoever is signed in").ExcludeFromDescription();
        // To look costs nobody an attempt: a token of 32 random bytes isn't guessed.
        pages.MapGet(SignUp, (HttpContext context, SignUp signUp) => ShowSignUpAsync(context, signUp, Query(context), null, null));
        pages.MapPost(SignUp, ConfirmAsync).LimitSignIn();
        pages.MapGet(Invitation, (HttpContext context, InvitationStore invitations) => ShowInvitationAsync(context, invitations, Query(context), null));
        pages.MapPost(Invitation, AcceptAsync).LimitSignIn();
        pages.MapGet(Reset, (HttpContext context, PasswordReset reset) => ShowResetAsync(context, reset, Query(context), null));
        pages.MapPost(Reset, ResetAsync).LimitSignIn();
        pages.MapGet(Confirmation, (HttpContext context, AddressConfirmation confirmation) => ShowConfirmationAsync(context, confirmation, Query(context), null));
        pages.MapPost(Confirmation, ConfirmAddressAsync).LimitSignIn();
    }

    private static async Task<IResult> ShowSignUpAsync(HttpContext context, SignUp signUp, string? token, string? code, string? error)
    {
        if (error == Refused || await signUp.FindAsync(token, context.RequestAborted) is not { } pending) return Gone(context, "/sign-up");
        var words = Words(context);
        return Show(context, error, new()
        {
            [nameof(LinkPage.Title)] = words["sign-up.confirm"],
            [nameof(LinkPage.Lead)] = words[pending.HasAccount ? "sign-up.confirm.known" : "sign-up.confirm.new"],
            [nameof(LinkPage.Button)] = words["account.sign-up"],
            [nameof(LinkPage.PasswordLabel)] = words[pending.HasAccount ? "account.password.own" : "account.password.choose"],
            [nameof(LinkPage.Action)] = SignUp,
            [nameof(LinkPage.Token)] = token,
            [nameof(LinkPage.HasAccount)] = pending.HasAccount,
            [nameof(LinkPage.Code)] = code ?? pending.Code,
            [nameof(LinkPage.Facts)] = new[] { (words["account.legalName"], pending.LegalName), (words["account.email"], pending.Email) },
        });
    }

    private static async Task<IResult> ConfirmAsync(HttpContext context, SignUp signUp)
    {
        var (form, refusal) = await FormBody.ReadAsync(context);
        if (form is null) return refusal!;
        var (token, code) = (form.GetValueOrDefault("token", ""), form.GetValueOrDefault("code"));
        var (result, tenant, _) = await signUp.ConfirmAsync(new SignUpConfirmation(token, form.GetValueOrDefault("password", ""), code), From(context), context.RequestAborted);
        return result == SignUpResult.Founded
            ? SeeOther.To(context, "/sign-in" + QueryString.Create("welcome", tenant!.Code))
            : await ShowSignUpAsync(context, signUp, token, code, result switch
            {
                SignUpResult.WrongPassword => "account.password.wrong",
                SignUpResult.BadPassword => "account.password.bad",
                SignUpResult.BadCode => "sign-up.code.bad",
                SignUpResult.CodeTaken => "sign-up.code.taken",
                SignUpResult.Staff => "account.staff",
                SignUpResult.TooMany => "account.wait",
                _ => Refused,
            });
    }

    private static async Task<IResult> ShowInvitationAsync(HttpContext context, InvitationStore invitations, string? token, string? error)
    {
        if (error == Refused || await invitations.FindAsync(token, context.RequestAborted) is not { } offered)
            return Gone(context, "/sign-in", await invitations.IsWithdrawnAsync(token, context.RequestAborted) ? "invitation.withdrawn" : null);
        var words = Words(context);
        return Show(context, error, new()
        {
            [nameof(LinkPage.Title)] = words["invitation.title"],
            [nameof(LinkPage.Lead)] = words[offered.HasAccount ? "invitation.known" : "invitation.new"],
            [nameof(LinkPage.Button)] = words["invitation.accept"],
            [nameof(LinkPage.PasswordLabel)] = words[offered.HasAccount ? "account.password.own" : "account.password.choose"],
            [nameof(LinkPage.Action)] = Invitation,
            [nameof(LinkPage.Token)] = token,
            [nameof(LinkPage.HasAccount)] = offered.HasAccount,
            [nameof(LinkPage.Facts)] = new[]
            {
                (words["account.legalName"], offered.Company), (words["members.role"], words["role." + offered.Role]), (words["account.email"], offered.Email),
            },
        });
    }

    private static async Task<IResult> AcceptAsync(HttpContext context, InvitationStore invitations)
    {
        var (form, refusal) = await FormBody.ReadAsync(context);
        if (form is null) return refusal!;
        var token = form.GetValueOrDefault("token", "");
        var (result, code, _) = await invitations.AcceptAsync(token, form.GetValueOrDefault("password", ""), From(context), context.RequestAborted);
        return result == Acceptance.Accepted
            ? SeeOther.To(context, "/sign-in" + QueryString.Create("joined", code!))
            : await ShowInvitationAsync(context, invitations, token, result switch
            {
                Acceptance.WrongPassword => "account.password.wrong",
                Acceptance.BadPassword => "account.password.bad",
                Acceptance.Staff => "account.staff",
                Acceptance.TooMany => "account.wait",
                _ => Refused,
            });
    }

    private static async Task<IResult> ShowResetAsync(HttpContext context, PasswordReset reset, string? token, string? error)
    {
        if (error == Refused || !await reset.IsOpenAsync(token, context.RequestAborted)) return Gone(context, "/reset");
        var words = Words(context);
        return Show(context, error, new()
        {
            [nameof(LinkPage.Title)] = words["reset.title"],
            [nameof(LinkPage.Lead)] = words["reset.confirm.text"],
            [nameof(LinkPage.Button)] = words["account.password.change"],
            [nameof(LinkPage.PasswordLabel)] = words["account.password.new"],
            [nameof(LinkPage.Action)] = Reset,
            [nameof(LinkPage.Token)] = token,
        });
    }

    private static async Task<IResult> ResetAsync(HttpContext context, PasswordReset reset)
    {
        var (form, refusal) = await FormBody.ReadAsync(context);
        if (form is null) return refusal!;
        var token = form.GetValueOrDefault("token", "");
        var result = await reset.CompleteAsync(context, token, form.GetValueOrDefault("password", ""), context.RequestAborted);
        return result == PasswordResetResult.Done
            ? SeeOther.To(context, "/sign-in" + QueryString.Create("reset", "done"))
            : await ShowResetAsync(context, reset, token, result == PasswordResetResult.BadPassword ? "account.password.bad" : Refused);
    }

    private static async Task<IResult> ShowConfirmationAsync(HttpContext context, AddressConfirmation confirmation, string? token, string? error)
    {
        if (error == Refused || !await confirmation.IsOpenAsync(token, context.RequestAborted)) return Gone(context, "/reset");
        var words = Words(context);
        return Show(context, error, new()
        {
            [nameof(LinkPage.Title)] = words["confirm.title"],
            [nameof(LinkPage.Lead)] = words["confirm.text"],
            [nameof(LinkPage.Button)] = words["confirm.submit"],
            [nameof(LinkPage.PasswordLabel)] = words["account.password.own"],
            [nameof(LinkPage.Action)] = Confirmation,
            [nameof(LinkPage.Token)] = token,
            [nameof(LinkPage.HasAccount)] = true,
        });
    }

    private static async Task<IResult> ConfirmAddressAsync(HttpContext context, AddressConfirmation confirmation)
    {
        var (form, refusal) = await FormBody.ReadAsync(context);
        if (form is null) return refusal!;
        var token = form.GetValueOrDefault("token", "");
        var (verdict, _) = await confirmation.ConfirmAsync(token, form.GetValueOrDefault("password", ""), From(context), context.RequestAborted);
        return verdict == MailboxVerdict.Proven
            ? SeeOther.To(context, "/sign-in" + QueryString.Create("confirmed", "done"))
            : await ShowConfirmationAsync(context, confirmation, token, verdict switch
            {
                MailboxVerdict.WrongPassword => "account.password.wrong",
                MailboxVerdict.TooMany => "account.wait",
                _ => Refused,
            });
    }

    private static IResult Show(HttpContext context, string? error, Dictionary<string, object?> parameters)
    {
        if (error is not null) parameters[nameof(LinkPage.Error)] = Words(context)[error];
        return FramedPage.Show<LinkPage>(context, parameters, error is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);
    }

    private static IResult Gone(HttpContext context, string again, string? why = null) => FramedPage.Show<LinkGonePage>(context, new()
    {
        [nameof(LinkGonePage.Again)] = again,
        [nameof(LinkGonePage.Why)] = why is null ? null : Words(context)[why],
    }, StatusCodes.Status410Gone);

    private static UiWords Words(HttpContext context) => Frame.Of(context).Words;

    private static string? Query(HttpContext context) => context.Request.Query[LinkAddress.Parameter] is [{ Length: > 0 and <= 64 } token] ? token : null;

    private static IPAddress From(HttpContext context) => context.Connection.RemoteIpAddress ?? IPAddress.None;
}
