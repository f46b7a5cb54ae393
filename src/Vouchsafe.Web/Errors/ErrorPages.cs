using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Vouchsafe.Hosting.Problems;
using Vouchsafe.Web.Layout;

namespace Vouchsafe.Web.Errors;

/// <summary>Refusals as pages: the status and a way on, nothing of the request.</summary>
internal sealed class ErrorPages : IErrorPage
{
    public async Task<bool> TryWriteAsync(HttpContext context, ProblemKind kind, string? detail)
    {
        await new RazorComponentResult<ErrorPage>(new Dictionary<string, object?>
        {
            [nameof(ErrorPage.Status)] = context.Response.StatusCode,
            [nameof(ErrorPage.Kind)] = kind.Name,
            [nameof(ErrorPage.Frame)] = Frame.Of(context),
        }).ExecuteAsync(context);
        return true;
    }
}
