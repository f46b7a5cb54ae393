using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Accounts;
using Vouchsafe.Hosting.Requests;
using Vouchsafe.Identity.Accounts;
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
    }

    private static IResult SignIn(HttpContext context, FormDraft draft)
    {
        var sent = draft.Take(context, "/sign-in");
        return FramedPage.Show<SignInPage>(context, new()
        {
            [nameof(SignInPage.Return)] = LocalPath.Or(context.Request.Query["return"], "/"),
            [nameof(SignInPage.Error)] = Query(context, "error"),
            [nameof(SignInPage.Email)] = sent.GetValueOrDefault("email"),
            [nameof(SignInPage.Welcome)] = Query(context, "welcome"),
            [nameof(SignInPage.Tenant)] = Query(context, "welcome") ?? sent.GetValueOrDefault("tenant"),
        });
    }

    private static IResult SignUp(HttpContext context, FormDraft draft) => FramedPage.Show<SignUpPage>(context, new()
    {
        [nameof(SignUpPage.Error)] = Query(context, "error"),
        [nameof(SignUpPage.Sent)] = draft.Take(context, "/sign-up"),
    });

    private static async Task<IResult> AccountAsync(HttpContext context, EmailDirectory emails, ITenantDirectory tenants)
    {
        var caller = Caller.Required(context);
        var company = caller.Tenant is { } tenant ? (await tenants.NamesAsync([tenant], context.RequestAborted)).GetValueOrDefault(tenant) : null;
        return FramedPage.Show<AccountPage>(context, new()
        {
            [nameof(AccountPage.Email)] = await emails.OfAsync(caller.User, context.RequestAborted),
            [nameof(AccountPage.Company)] = company,
        });
    }

    private static string? Query(HttpContext context, string name) => context.Request.Query[name] is [{ Length: > 0 and <= 200 } value] ? value : null;
}
