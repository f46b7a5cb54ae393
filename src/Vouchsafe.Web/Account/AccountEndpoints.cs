using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Accounts;
using Vouchsafe.Hosting.Limits;
using Vouchsafe.Hosting.Problems;
using Vouchsafe.Hosting.Requests;
using Vouchsafe.Identity.Accounts;
using Vouchsafe.Identity.Passwords;
using Vouchsafe.Identity.Passwords.Changing;
using Vouchsafe.Tenants.Subscription;
using Vouchsafe.Web.Layout;

namespace Vouchsafe.Web.Account;

/// <summary>The pages whose forms Identity and Tenants take. Authentication refuses forms that another site posts.</summary>
internal static class AccountEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/sign-in", SignIn).OpenToAnybody("nobody is signed in before signing in").ExcludeFromDescription();
        endpoints.MapGet("/sign-up", SignUp)
            .OpenToAnybody("a tenant's first administrator signs up").ExcludeFromDescription();
        endpoints.MapGet("/account", AccountAsync).RequirePermission("account.manage").ExcludeFromDescription();
        endpoints.MapPost("/account/password", ChangePasswordAsync).RequirePermission("account.manage")
            .StaysOpenWhenReadOnly("one can always guard one's account").LimitSignIn().CountAttempts(AttemptKind.Session).ExcludeFromDescription();
        endpoints.MapGet("/reset", Reset).OpenToAnybody("whoever forgot their password can't sign in").ExcludeFromDescription();
        endpoints.MapPost("/reset", AskForResetAsync).OpenToAnybody("whoever forgot their password can't sign in")
            .StaysOpenWhenReadOnly("it concerns the mailbox, not the tenant of whoever is signed in").LimitSignIn().CountAttempts(AttemptKind.Mail, "reset").ExcludeFromDescription();
        var ours = endpoints.MapGroup("/account/cancel").TenantsAlone().ExcludeFromDescription();
        ours.MapGet("", ShowCancelAsync).RequirePermission("subscription.manage");
        ours.MapPost("", CancelAsync).RequirePermission("subscription.manage").StaysOpenWhenReadOnly("one can cancel at any time").LimitSignIn()
            .CountAttempts(AttemptKind.Session);
    }

    private static IResult SignIn(HttpContext context, FormDraft draft)
    {
        var sent = draft.Take(context, "/sign-in");
        return FramedPage.Show<SignInPage>(context, new()
        {
            [nameof(SignInPage.Return)] = LocalPath.Or(context.Request.Query["return"], "/"),
            [nameof(SignInPage.Error)] = Query(context, "error"),
            [nameof(SignInPage.Email)] = sent.GetValueOrDefault("email"),
            [nameof(SignInPage.Done)] = Query(context, "welcome") is not null ? "account.welcome"
                : Query(context, "joined") is not null ? "account.joined"
                : Query(context, "reset") is not null ? "reset.done"
                : Query(context, "confirmed") is not null ? "confirm.done" : null,
            [nameof(SignInPage.Tenant)] = Query(context, "welcome") ?? Query(context, "joined") ?? sent.GetValueOrDefault("tenant"),
        });
    }

    private static IResult SignUp(HttpContext context, FormDraft draft) => Query(context, "sent") is not null
        ? Sent(context, "sign-up", draft)
        : FramedPage.Show<SignUpPage>(context, new()
        {
            [nameof(SignUpPage.Errors)] = FormErrors.Of(context.Request),
            [nameof(SignUpPage.Sent)] = draft.Take(context, "/sign-up"),
        });

    /// <summary>The draft stays: from here the form can be opened again with what it said.</summary>
    private static IResult Sent(HttpContext context, string kind, FormDraft draft) => FramedPage.Show<MailSentPage>(context, new()
    {
        [nameof(MailSentPage.Kind)] = kind,
        [nameof(MailSentPage.Email)] = draft.Read(context, "/" + kind).GetValueOrDefault("email"),
    });

    private static async Task<IResult> AccountAsync(HttpContext context, EmailDirectory emails, ITenantDirectory tenants, Subscriptions subscriptions)
    {
        var caller = Caller.Required(context);
        var company = caller.Tenant is { } tenant ? (await tenants.NamesAsync([tenant], context.RequestAborted)).GetValueOrDefault(tenant) : null;
        return FramedPage.Show<AccountPage>(context, new()
        {
            [nameof(AccountPage.Email)] = await emails.OfAsync(caller.User, context.RequestAborted),
            [nameof(AccountPage.Company)] = company,
            [nameof(AccountPage.Subscription)] = caller.Tenant is { } subscriber ? await subscriptions.StateAsync(subscriber, context.RequestAborted) : null,
            [nameof(AccountPage.Errors)] = FormErrors.Of(context.Request),
            [nameof(AccountPage.Done)] = Query(context, "done"),
        });
    }

    private static async Task<IResult> ChangePasswordAsync(HttpContext context, PasswordChange change)
    {
        var (form, refusal) = await FormBody.ReadAsync(context);
        if (form is null) return refusal!;
        var chosen = form.GetValueOrDefault("chosen", "");
        var (result, wait) = await change.ChangeAsync(context, form.GetValueOrDefault("current", ""), chosen, context.RequestAborted);
        return SeeOther.To(context, "/account" + (result switch
        {
            PasswordChangeResult.Changed => QueryString.Create("done", "password"),
            PasswordChangeResult.BadPassword => QueryString.Create("error", "chosen:" + (PasswordRules.ProblemOf(chosen)?.Code ?? FieldCode.Form)),
            PasswordChangeResult.TooMany => PageWait.InAddress(wait ?? TimeSpan.Zero),
            _ => QueryString.Create("error", "current:wrong"),
        }));
    }

    private static IResult Reset(HttpContext context, FormDraft draft) => Query(context, "sent") is not null
        ? Sent(context, "reset", draft)
        : FramedPage.Show<ResetPage>(context, new()
        {
            [nameof(ResetPage.Errors)] = FormErrors.Of(context.Request),
            [nameof(ResetPage.Email)] = draft.Take(context, "/reset").GetValueOrDefault("email"),
        });

    private static async Task<IResult> AskForResetAsync(HttpContext context, PasswordReset reset, FormDraft draft)
    {
        var (form, refusal) = await FormBody.ReadAsync(context);
        if (form is null) return refusal!;
        var email = form.GetValueOrDefault("email", "");
        draft.Keep(context, "/reset", [KeyValuePair.Create("email", (string?)email)]);
        if (EmailAddress.ProblemOf(email) is { } wrong) return SeeOther.To(context, "/reset" + QueryString.Create("error", "email:" + wrong.Code));
        var wait = await reset.AskAsync(email, From(context), context.RequestAborted);
        return SeeOther.To(context, "/reset" + (wait is { } longer ? PageWait.InAddress(longer) : QueryString.Create("sent", "1")));
    }

    private static async Task<IResult> ShowCancelAsync(HttpContext context, Subscriptions subscriptions) =>
        (await subscriptions.StateAsync(Caller.Required(context).Scope.Tenant, context.RequestAborted)).CancelledAt is not null
            ? SeeOther.To(context, "/account")
            : FramedPage.Show<CancelPage>(context, new() { [nameof(CancelPage.Errors)] = FormErrors.Of(context.Request) });

    private static async Task<IResult> CancelAsync(HttpContext context, Subscriptions subscriptions, IPasswordProof proof)
    {
        var (form, refusal) = await FormBody.ReadAsync(context);
        if (form is null) return refusal!;
        var caller = Caller.Required(context);
        var proved = await proof.ProveAsync(caller.User, form.GetValueOrDefault("password", ""), From(context), context.RequestAborted);
        if (!proved.Right)
            return SeeOther.To(context, "/account/cancel" + (proved.Wait is { } wait ? PageWait.InAddress(wait) : QueryString.Create("error", "password:wrong")));
        await subscriptions.EndAsync(caller.Scope, context.RequestAborted);
        return SeeOther.To(context, "/account?done=cancelled");
    }

    private static IPAddress From(HttpContext context) => context.Connection.RemoteIpAddress ?? IPAddress.None;

    private static string? Query(HttpContext context, string name) => context.Request.Query[name] is [{ Length: > 0 and <= 200 } value] ? value : null;
}
