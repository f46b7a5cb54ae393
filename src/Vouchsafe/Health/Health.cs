using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Postgres.Health;

namespace Vouchsafe.Health;

/// <summary><c>/healthz/live</c>: the process answers. <c>/healthz/ready</c>: its database takes writes too.</summary>
/// <remarks>Both say nothing but the state: what is wrong stands in the log, where an outsider can't read it.</remarks>
internal static class Health
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/healthz").WithTags("Health").OpenToAnybody("load balancers and orchestrators ask without signing in");
        group.MapGet("/live", () => TypedResults.Ok(new State("live"))).WithName("live").WithSummary("Whether the process answers");
        group.MapGet("/ready", ReadyAsync).WithName("ready").WithSummary("Whether the process can serve: its database takes writes")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> ReadyAsync(DatabaseReadiness database, CancellationToken cancellationToken)
    {
        if (await database.IsReadyAsync(cancellationToken))
            return TypedResults.Ok(new State("ready"));
        return TypedResults.Json(new State("not ready"), statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    /// <param name="Status">live, ready or not ready.</param>
    internal sealed record State(string Status);
}
