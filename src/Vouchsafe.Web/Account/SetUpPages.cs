using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Problems;
using Vouchsafe.Hosting.Requests;
using Vouchsafe.Identity.SettingUp;
using Vouchsafe.Web.Layout;

namespace Vouchsafe.Web.Account;

/// <summary>The page that makes the first operator; Identity takes its form. Gone once there is one.</summary>
internal static class SetUpPages
{
    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet("/setup", ShowAsync)
        .OpenToAnybody("there is no operator yet; the printed code is the credential").ExcludeFromDescription();

    private static async Task<IResult> ShowAsync(HttpContext context, SetUp setUp, FormDraft draft)
    {
        if (!await setUp.IsOpenAsync(context.RequestAborted)) return Problem.Of(SetUp.ClosedProblem);
        return FramedPage.Show<SetUpPage>(context, new()
        {
            [nameof(SetUpPage.Errors)] = FormErrors.Of(context.Request),
            [nameof(SetUpPage.Email)] = draft.Take(context, "/setup").GetValueOrDefault("email"),
        });
    }
}
