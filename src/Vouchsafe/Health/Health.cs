using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Health;

/// <summary><c>/healthz/live</c>: the process answers. <c>/healthz/ready</c>: it can reach its database too.</summary>
/// <remarks>Both say nothing but the state: what is wrong stands in the log, where an outsider can't read it.</remarks>
internal static class Health
{
    private static readonly TimeSpan DatabasePatience = TimeSpan.FromSeconds(2);

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/healthz").WithTags("Health").OpenToAnybody("load balancers and orchestrators ask without signing in");
        group.MapGet("/live", () => TypedResults.Ok(new State("live"))).WithName("live").WithSummary("Whether the process answers");
        group.MapGet("/ready", ReadyAsync).WithName("ready").WithSummary("Whether the process can serve: it reaches its database")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> ReadyAsync(IDatabase database, TimeProvider time, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(DatabasePatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            await using var session = database.Platform(Actor.System("health"));
            await session.SingleOrDefaultAsync("select 1", [], reader => reader.GetInt32(0), either.Token);
            return TypedResults.Ok(new State("ready"));
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return TypedResults.Json(new State("not ready"), statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    /// <param name="Status">live, ready or not ready.</param>
    internal sealed record State(string Status);
}
