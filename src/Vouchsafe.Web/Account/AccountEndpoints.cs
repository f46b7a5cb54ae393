using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Accounts;
using Vouchsafe.Identity.Accounts;
using Vouchsafe.Web.Layout;

namespace Vouchsafe.Web.Account;

/// <summary>The pages whose forms Identity and Tenants take. Authentication refuses forms that another site posts.</summary>
internal static class AccountEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/sign-in", (HttpContext context) => FramedPage.Show<SignInPage>(context, new()
        {
            [nameof(SignInPage.Return)] = LocalPath.Or(context.Request.Query["return"], "/"),
            [nameof(SignInPage.Error)] = Query(context, "error"),
            [nameof(SignInPage.Tenant)] = Query(context, "welcome"),
        })).OpenToAnybody("nobody is signed in before signing in").ExcludeFromDescription();
        endpoints.MapGet("/sign-up", (HttpContext context) => FramedPage.Show<SignUpPage>(context, new() { [nameof(SignUpPage.Error)] = Query(context, "error") }))
            .OpenToAnybody("a tenant's first administrator signs up").ExcludeFromDescription();
        endpoints.MapGet("/account", AccountAsync).RequirePermission("account.manage").ExcludeFromDescription();
    }

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
