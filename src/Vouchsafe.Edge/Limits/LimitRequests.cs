using Microsoft.AspNetCore.Http;
using Vouchsafe.Edge.Answering;
using Vouchsafe.Edge.Proxies;
using Vouchsafe.Hosting.Limits;
using Vouchsafe.Hosting.Problems;

namespace Vouchsafe.Edge.Limits;

/// <summary>Counts each request against its endpoint's limit before anything else looks at it.</summary>
internal sealed class LimitRequests(RequestDelegate next, EdgeControls controls, SetupDoor door)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var control = context.GetEndpoint()?.Metadata.GetMetadata<Limit>() is { } named ? named.Control : ClientLimit.ApiControl;
        if (controls.Limits.Of(control) is { } limit)
        {
            Admission admission;
            try
            {
                admission = await controls.Limiter.AskAsync(limit, ClientAddress.Of(context), context.RequestAborted);
            }
            catch (LimitsUnavailableException)
            {
                context.Response.Headers.RetryAfter = "1";
                await Problem.WriteAsync(context, EdgeProblems.LimitsUnavailable);
                return;
            }
            if (!admission.Allowed)
            {
                await controls.Refusal.WriteAsync(context, admission.RetryAfter);
                return;
            }
        }
        if (control == ClientLimit.SetupControl && await door.IsClosedAsync(context.RequestAborted))
        {
            await Problem.WriteAsync(context, EdgeProblems.SetupClosed);
            return;
        }
        await next(context);
    }
}
