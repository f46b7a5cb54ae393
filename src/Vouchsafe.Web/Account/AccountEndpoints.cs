using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Web.Languages;

namespace Vouchsafe.Web.Account;

/// <summary>The pages whose forms Identity and Tenants take. Authentication refuses forms that another site posts.</summary>
internal static class AccountEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/sign-in", context => ShowAsync<SignInPage>(context, new()
        {
            [nameof(SignInPage.Return)] = LocalPath.Or(context.Request.Query["return"], "/account"),
            [nameof(SignInPage.Error)] = Query(context, "error"),
            [nameof(SignInPage.Tenant)] = Query(context, "welcome"),
        })).OpenToAnybody("nobody is signed in before signing in").ExcludeFromDescription();
        endpoints.MapGet("/sign-up", context => ShowAsync<SignUpPage>(context, new() { [nameof(SignUpPage.Error)] = Query(context, "error") }))
            .OpenToAnybody("a tenant's first administrator signs up").ExcludeFromDescription();
        endpoints.MapGet("/account", context => ShowAsync<AccountPage>(context, new() { [nameof(AccountPage.Caller)] = Caller.Required(context) }))
            .RequirePermission("account.manage").ExcludeFromDescription();
    }

    private static Task ShowAsync<TPage>(HttpContext context, Dictionary<string, object?> parameters) where TPage : IComponent
    {
        context.Response.Headers.CacheControl = "no-store";
        var posture = context.RequestServices.GetRequiredService<Posture>();
        parameters["Posture"] = posture;
        parameters["Words"] = UiWords.For(context.Request, posture.Languages);
        return new RazorComponentResult<TPage>(parameters).ExecuteAsync(context);
    }

    private static string? Query(HttpContext context, string name) => context.Request.Query[name] is [{ Length: > 0 and <= 200 } value] ? value : null;
}
