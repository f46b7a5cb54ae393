using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Hosting.Problems;
using Vouchsafe.Web.Languages;

namespace Vouchsafe.Web.Errors;

/// <summary>Refusals as pages: the status and a way on, nothing of the request.</summary>
internal sealed class ErrorPages(Posture posture) : IErrorPage
{
    public async Task<bool> TryWriteAsync(HttpContext context, ProblemKind kind, string? detail)
    {
        await new RazorComponentResult<ErrorPage>(new Dictionary<string, object?>
        {
            [nameof(ErrorPage.Status)] = context.Response.StatusCode,
            [nameof(ErrorPage.Words)] = UiWords.For(context.Request, posture.Languages),
            [nameof(ErrorPage.Posture)] = posture,
        }).ExecuteAsync(context);
        return true;
    }
}
