using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Hosting.Problems;

namespace Vouchsafe.Edge.Answering;

/// <summary>Writes a refusal: as a page where a person asked and somebody renders pages, as problem+json otherwise.</summary>
internal static class ErrorAnswer
{
    public static async Task WriteAsync(HttpContext context, ProblemKind kind, string? detail = null)
    {
        if (IsPage(context.Request) && context.RequestServices.GetService<IErrorPage>() is { } page)
        {
            context.Response.StatusCode = kind.Status;
            context.Response.Headers.CacheControl = "no-store";
            if (await page.TryWriteAsync(context, kind, detail)) return;
        }
        await Problem.WriteAsync(context, kind, detail);
    }

    /// <summary>Refusals of limits stay JSON for everything that isn't a browser's own navigation.</summary>
    private static bool IsPage(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && !request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        && request.Headers.Accept.Any(accept => accept?.Contains("text/html", StringComparison.OrdinalIgnoreCase) == true);
}
