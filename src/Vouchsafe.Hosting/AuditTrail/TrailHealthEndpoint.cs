using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vouchsafe.Audit.Receipts;
using Vouchsafe.Hosting.Access;

namespace Vouchsafe.Hosting.AuditTrail;

/// <summary>Whether what this node was told is committed stands in the logs: 200, or 503 with counts. Asks no database, so it costs nothing.</summary>
internal static class TrailHealthEndpoint
{
    public static void MapTrailHealth(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/healthz/trail", Answer).WithTags("Health").WithName("trail").WithSummary("Whether committed audit entries come into their logs in time")
            .OpenToAnybody("other nodes and the operator's monitoring ask without signing in; it tells counts alone")
            .Produces<NodeTrail>().Produces<NodeTrail>(StatusCodes.Status503ServiceUnavailable);

    private static IResult Answer(HttpContext context, TrailHealth health)
    {
        context.Response.Headers.CacheControl = "no-store";
        return Results.Json(health.Last, statusCode: health.Last is { IsSound: true } ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
