using Microsoft.AspNetCore.Http;

namespace Vouchsafe.Hosting.ActionLog;

/// <summary>
/// Stands between the action log and the endpoints. A request that a check sent, with the cell's token, ends here with 204: it came as far as any caller's would, through routing,
/// authentication, the permission gate and the action log, and has no effect.
/// </summary>
internal sealed class ProbeStop(RequestDelegate next, ActionLogCanary canary)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is null || canary.NonceOf(context) is null)
            return next(context);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
