using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Accounts;
using Vouchsafe.Hosting.Limits;
using Vouchsafe.Hosting.Problems;
using Vouchsafe.Hosting.Requests;
using Vouchsafe.Identity.Invitations;
using Vouchsafe.Identity.Links;
using Vouchsafe.Identity.Passwords;
using Vouchsafe.Identity.Passwords.Changing;
using Vouchsafe.Tenants.SigningUp;
using Vouchsafe.Web.Languages;
using Vouchsafe.Web.Layout;

namespace Vouchsafe.Web.Account;

/// <summary>
/// The pages behind links from mails. GET shows and changes nothing, so that a mail scanner that follows the link uses nothing up; POST with a
/// password acts. The token stands in the link and the form: the pages are never stored and send no referrer. A refused form leads back to
/// its page, whose address has the token and what was wrong, so that reloading it or changing the language loses neither.
/// </summary>
internal static class LinkPages
{
    private const string SignUp = "/sign-up/confirm";
    private const string Invitation = "/invitation";
    private const string Reset = "/reset/confirm";
    private const string Confirmation = "/account/confirm";
    private const string Why = "the link from the mailbox is the credential";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var pages = endpoints.MapGroup("").OpenToAnybody(Why).StaysOpenWhenReadOnly("it concerns the mailbox, not the tenant of whoever is signed in").ExcludeFromDescription();
        // To look costs nobody an attempt: a token of 32 random bytes isn't guessed.
        pages.MapGet(SignUp, ShowSignUpAsync);
        pages.MapPost(SignUp, ConfirmAsync).LimitSignIn().CountAttempts(AttemptKind.Link, "sign-up");
        pages.MapGet(Invitation, ShowInvitationAsync);
        pages.MapPost(Invitation, AcceptAsync).LimitSignIn().CountAttempts(AttemptKind.Link, "invitation");
        pages.MapGet(Reset, ShowResetAsync);
        pages.MapPost(Reset, ResetAsync).LimitSignIn().NothingToGuess("the token has 256 bits, and the password is chosen here");
        pages.MapGet(Confirmation, ShowConfirmationAsync);
        pages.MapPost(Confirmation, ConfirmAddressAsync).LimitSignIn().CountAttempts(AttemptKind.Link, "confirmation");
    }

    private static async Task<IResult> ShowSignUpAsync(HttpContext context, SignUp signUp)
    {
        var token = Token(context);
        if (await signUp.FindAsync(token, context.RequestAborted) is not { } pending) return Gone(context, "/sign-up");
        var words = Words(context);
        return Show(context, new()
        {
            [nameof(LinkPage.Title)] = words["sign-up.confirm"],
            [nameof(LinkPage.Lead)] = words[pending.HasAccount ? "sign-up.confirm.known" : "sign-up.confirm.new"],
            [nameof(LinkPage.Button)] = words["sign-up.confirm.button"],
            [nameof(LinkPage.PasswordLabel)] = words[pending.HasAccount ? "account.password.own" : "account.password.choose"],
            [nameof(LinkPage.Action)] = SignUp,
            [nameof(LinkPage.Token)] = token,
            [nameof(LinkPage.HasAccount)] = pending.HasAccount,
            [nameof(LinkPage.Code)] = context.Request.Query["code"] is [{ Length: > 0 and <= 32 } code] ? code : pending.Code,
            [nameof(LinkPage.Facts)] = new[] { (words["account.legalName"], pending.LegalName), (words["account.email"], pending.Email) },
        });
    }

    private static async Task<IResult> ConfirmAsync(HttpContext context, SignUp signUp)
    {
        var (form, refusal) = await FormBody.ReadAsync(context);
        if (form is null) return refusal!;
        var (token, code) = (form.GetValueOrDefault("token", ""), form.GetValueOrDefault("code", ""));
        var outcome = await signUp.ConfirmAsync(new SignUpConfirmation(token, form.GetValueOrDefault("password", ""), code), From(context), context.RequestAborted);
        var typed = code.Length is > 0 and <= 32 ? QueryString.Create("code", code) : QueryString.Empty;
        return outcome.Result switch
        {
            SignUpResult.Founded => SeeOther.To(context, "/sign-in" + QueryString.Create("welcome", outcome.Tenant!.Code)),
            SignUpResult.WrongPassword => Again(context, SignUp, token, "password:wrong", typed),
            SignUpResult.BadPassword => Again(context, SignUp, token, "password:" + outcome.Wrong!.Code, typed),
            SignUpResult.BadCode => Again(context, SignUp, token, "code:" + outcome.Wrong!.Code, typed),
            SignUpResult.CodeTaken => Again(context, SignUp, token, "code:taken", typed),
            SignUpResult.Staff => Again(context, SignUp, token, "staff", typed),
            SignUpResult.TooMany => Later(context, SignUp, token, outcome.Wait, typed),
            _ => Gone(context, "/sign-up"),
        };
    }

    private static async Task<IResult> ShowInvitationAsync(HttpContext context, InvitationStore invitations)
    {
        var token = Token(context);
        if (await invitations.FindAsync(token, context.RequestAborted) is not { } offered) return await GoneAsync(context, invitations, token);
        var words = Words(context);
        return Show(context, new()
        {
            [nameof(LinkPage.Title)] = words.Format("invitation.title", offered.Company),
            [nameof(LinkPage.Lead)] = words[offered.HasAccount ? "invitation.known" : "invitation.new"],
            [nameof(LinkPage.Button)] = words["invitation.accept"],
            [nameof(LinkPage.PasswordLabel)] = words[offered.HasAccount ? "account.password.own" : "account.password.choose"],
            [nameof(LinkPage.Action)] = Invitation,
            [nameof(LinkPage.Token)] = token,
            [nameof(LinkPage.HasAccount)] = offered.HasAccount,
            [nameof(LinkPage.Facts)] = new[] { (words["members.role"], words["role." + offered.Role]), (words["account.email"], offered.Email) },
        });
    }

    private static async Task<IResult> AcceptAsync(HttpContext context, InvitationStore invitations)
    {
        var (form, refusal) = await FormBody.ReadAsync(context);
        if (form is null) return refusal!;
        var (token, password) = (form.GetValueOrDefault("token", ""), form.GetValueOrDefault("password", ""));
        var (result, code, wait) = await invitations.AcceptAsync(token, password, From(context), context.RequestAborted);
        return result switch
        {
            Acceptance.Accepted => SeeOther.To(context, "/sign-in" + QueryString.Create("joined", code!)),
            Acceptance.WrongPassword => Again(context, Invitation, token, "password:wrong"),
            Acceptance.BadPassword => Again(context, Invitation, token, CodeOf(password)),
            Acceptance.Staff => Again(context, Invitation, token, "staff"),
            Acceptance.TooMany => Later(context, Invitation, token, wait),
            _ => await GoneAsync(context, invitations, token),
        };
    }

    private static async Task<IResult> GoneAsync(HttpContext context, InvitationStore invitations, string? token) =>
        Gone(context, "/sign-in", await invitations.IsWithdrawnAsync(token, context.RequestAborted) ? "invitation.withdrawn" : null);

    private static async Task<IResult> ShowResetAsync(HttpContext context, PasswordReset reset)
    {
        var token = Token(context);
        if (!await reset.IsOpenAsync(token, context.RequestAborted)) return Gone(context, "/reset");
        var words = Words(context);
        return Show(context, new()
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
        var (token, password) = (form.GetValueOrDefault("token", ""), form.GetValueOrDefault("password", ""));
        return await reset.CompleteAsync(context, token, password, context.RequestAborted) switch
        {
            PasswordResetResult.Done => SeeOther.To(context, "/sign-in" + QueryString.Create("reset", "done")),
            PasswordResetResult.BadPassword => Again(context, Reset, token, CodeOf(password)),
            _ => Gone(context, "/reset"),
        };
    }

    private static async Task<IResult> ShowConfirmationAsync(HttpContext context, AddressConfirmation confirmation)
    {
        var token = Token(context);
        if (!await confirmation.IsOpenAsync(token, context.RequestAborted)) return Gone(context, "/reset");
        var words = Words(context);
        return Show(context, new()
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
        var (verdict, wait) = await confirmation.ConfirmAsync(token, form.GetValueOrDefault("password", ""), From(context), context.RequestAborted);
        return verdict switch
        {
            MailboxVerdict.Proven => SeeOther.To(context, "/sign-in" + QueryString.Create("confirmed", "done")),
            MailboxVerdict.WrongPassword => Again(context, Confirmation, token, "password:wrong"),
            MailboxVerdict.TooMany => Later(context, Confirmation, token, wait),
            _ => Gone(context, "/reset"),
        };
    }

    private static IResult Show(HttpContext context, Dictionary<string, object?> parameters)
    {
        parameters[nameof(LinkPage.Errors)] = FormErrors.Of(context.Request);
        return FramedPage.Show<LinkPage>(context, parameters);
    }

    private static IResult Again(HttpContext context, string page, string token, string error, QueryString more = default) =>
        SeeOther.To(context, page + QueryString.Create(LinkAddress.Parameter, token).Add("error", error).Add(more));

    private static IResult Later(HttpContext context, string page, string token, TimeSpan? wait, QueryString more = default) =>
        SeeOther.To(context, page + QueryString.Create(LinkAddress.Parameter, token).Add(PageWait.InAddress(wait ?? TimeSpan.Zero)).Add(more));

    private static string CodeOf(string password) => "password:" + (PasswordRules.ProblemOf(password)?.Code ?? FieldCode.Form);

    private static IResult Gone(HttpContext context, string again, string? why = null) => FramedPage.Show<LinkGonePage>(context, new()
    {
        [nameof(LinkGonePage.Again)] = again,
        [nameof(LinkGonePage.Why)] = why is null ? null : Words(context)[why],
    }, StatusCodes.Status410Gone);

    private static UiWords Words(HttpContext context) => Frame.Of(context).Words;

    private static string? Token(HttpContext context) => context.Request.Query[LinkAddress.Parameter] is [{ Length: > 0 and <= 64 } token] ? token : null;

    private static IPAddress From(HttpContext context) => context.Connection.RemoteIpAddress ?? IPAddress.None;
}
