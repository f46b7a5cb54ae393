using System.Text.Json.Nodes;
using Vouchsafe.Claims.Checks;

namespace Vouchsafe.Edge.Limits;

/// <summary>What <see cref="ApiLimitCheck"/> sees from outside; then every limit there is, promised by a claim or not, at every endpoint that names it.</summary>
internal sealed class ApiLimitsCheck(LimitGroupProbe groups) : ICheck
{
    public string Control => ClientLimit.ApiControl;

    public Vantage Vantage => Vantage.Inside;

    public async Task<Finding> RunAsync(CheckContext context, CancellationToken cancellationToken)
    {
        var outside = await new ApiLimitCheck().RunAsync(context, cancellationToken);
        if (!outside.Holds) return outside;
        var tried = new JsonObject();
        foreach (var limit in groups.Limits)
        {
            var (fault, endpoints) = await groups.RunAsync(limit.Name, context.Target, cancellationToken);
            tried[limit.Name] = endpoints;
            if (fault is not null) return Finding.Broken(fault + ".", new JsonObject { ["api"] = outside.Seen.DeepClone(), ["endpoints"] = tried });
        }
        return Finding.Held(
            $"{outside.Message.TrimEnd('.')}; "
            + (tried.Any(limit => limit.Value is null) ? $"the other limits were {LimitGroupProbe.Unseen}."
                : $"every endpoint of {string.Join(", ", tried.Select(limit => limit.Key))} refuses a client that used its requests up, and no other."),
            new JsonObject { ["api"] = outside.Seen.DeepClone(), ["endpoints"] = tried });
    }
}

/// <summary>Asks every endpoint of the tiles for one more than is allowed.</summary>
internal sealed class TileLimitCheck(LimitGroupProbe groups) : ICheck
{
    public string Control => ClientLimit.TilesControl;

    public Vantage Vantage => Vantage.Inside;

    public async Task<Finding> RunAsync(CheckContext context, CancellationToken cancellationToken)
    {
        var (fault, endpoints) = await groups.RunAsync(Control, context.Target, cancellationToken);
        var seen = new JsonObject { ["endpoints"] = endpoints };
        return fault is not null ? Finding.Broken(fault + ".", seen)
            : endpoints is null ? Finding.Broken($"The limit of tiles was {LimitGroupProbe.Unseen}.", seen)
            : Finding.Held($"Each of {endpoints} endpoints for tiles and checkpoints refuses a client that used its requests up, and no other.", seen);
    }
}
