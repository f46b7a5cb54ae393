using System.Net;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Edge.Probing;
using Vouchsafe.Hosting.Access;

namespace Vouchsafe.Edge.Limits;

/// <summary>
/// Uses up a stranger's permits where they are counted, then asks every endpoint of the limit over the network: each must refuse, and another stranger must still
/// be let in. So a limit of thousands is tried with one request to each endpoint, and an endpoint that isn't counted is named.
/// </summary>
/// <remarks>
/// Endpoints come from the running application and limits from <see cref="LimitSet"/>: neither a new endpoint nor a new limit has to be
/// listed anywhere else.
/// </remarks>
internal sealed class LimitGroupProbe(LimitSet limits, IPermits permits, EndpointCatalogue endpoints, TimeProvider time)
{
    private const int AtATime = 16;

    /// <summary>An address of nobody's can only be chosen where the nodes are reached over loopback.</summary>
    public const string Unseen = "not tried, because the nodes aren't reached over loopback";

    public IReadOnlyList<ClientLimit> Limits => limits.All;

    /// <summary>Tries one limit with all of its endpoints.</summary>
    /// <returns>What is wrong, or null; and how many endpoints there are, null where nothing could be tried.</returns>
    public async Task<(string? Fault, int? Endpoints)> RunAsync(string control, CheckTarget target, CancellationToken cancellationToken)
    {
        var limit = limits.Of(control)!;
        var group = endpoints.All.Where(endpoint => (endpoint.Limit is { } named ? named.Control : ClientLimit.ApiControl) == control).ToList();
        var used = Outsider.Stranger(target);
        if (used.Source is null || group.Count == 0) return (null, used.Source is null ? null : 0);
        await UseUpAsync(limit, used.Source, cancellationToken);
        using (var client = used.Client())
            foreach (var (at, some) in group.Chunk(AtATime).Index())
            {
                var answers = await Task.WhenAll(some.Select(
                    (endpoint, n) => AskAsync(client, endpoint, used.Nodes[(at + n) % used.Nodes.Count], cancellationToken)));
                if (answers.FirstOrDefault(answer => answer.Status != 429 || answer.Only("retry-after") is null) is { } open)
                    return ($"{open.What} was answered {open.Status} instead of 429 with Retry-After, to a client that had used up {limit.Permits} requests within "
                        + $"{LimitProbe.Span(limit.Window)} ({control})", group.Count);
            }
        var other = Outsider.Stranger(target);
        using var fresh = other.Client();
        var first = await AskAsync(fresh, group[0], other.Nodes[0], cancellationToken);
        return first.Status is 429 or 503
            ? ($"{first.What} was answered {first.Status} to a client that had not asked before, after another one had used its own requests up ({control})", group.Count)
            : (null, group.Count);
    }

    /// <summary>Takes and uses all permits of a client, as a node would that served its requests.</summary>
    private async Task UseUpAsync(ClientLimit limit, IPAddress client, CancellationToken cancellationToken)
    {
        var key = ClientKey.Of(limit, client);
        var leases = new List<Lease>();
        while (true)
        {
            var grant = Guid.CreateVersion7(time.GetUtcNow());
            var taken = await permits.TakeAsync(limit, key, grant, limit.Permits, null, cancellationToken);
            if (taken.Granted == 0) break;
            leases.Add(new Lease(limit, key, grant, taken.Granted, TimeSpan.Zero));
        }
        await permits.GiveBackAsync(leases, cancellationToken);
    }

    private static Task<RawAnswer> AskAsync(HttpClient client, EndpointEntry endpoint, Uri node, CancellationToken cancellationToken) =>
        EveryKindOfAnswer.AskAsync(client, endpoint.Method == "*" ? HttpMethod.Get : new HttpMethod(endpoint.Method), node, endpoint.Example, cancellationToken);
}
