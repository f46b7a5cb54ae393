using System.Net;
using System.Security.Cryptography;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Canaries;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Hosting.ActionLog;

/// <summary>Sends requests of a canary's administrator to the real endpoints, some at each run and all in turn, which <see cref="ProbeStop"/> ends; and demands an entry of each.</summary>
/// <remarks>Some at a time, because each leaves an entry for good. An endpoint that was found to leave none is asked again in each run.</remarks>
internal sealed class EndpointWalk(
    IDatabase database, TrailReader reader, ActionLogCanary canary, EndpointCatalogue catalogue, ICanaryTenants? tenants = null, ICanaryCallers? callers = null)
{
    /// <summary>Endpoints that one run asks on each node.</summary>
    private const int AtATime = 12;

    /// <summary>Requests from one address: fewer than the tightest limit lets through.</summary>
    private const int FromOneAddress = 4;

    private readonly List<EndpointEntry> _failing = [];
    private int _next;

    /// <returns>What left no entry, how many endpoints were asked, and how many refused before they could record.</returns>
    public async Task<(IReadOnlyList<string> Silent, int Asked, int Unreached)> RunAsync(CheckTarget target, CancellationToken cancellationToken)
    {
        EndpointEntry[] all = [.. catalogue.All.Where(entry => entry.LeavesEntry && !entry.Route.StartsWith(ActionLogCanary.Path, StringComparison.Ordinal))];
        if (tenants is null || callers is null || all.Length == 0)
            return ([], 0, 0);
        EndpointEntry[] due = [.. _failing.Concat(Enumerable.Range(0, Math.Min(AtATime, all.Length)).Select(n => all[(_next + n) % all.Length])).Distinct()];
        _next = (_next + AtATime) % all.Length;
        var tenant = await tenants.LastingAsync(cancellationToken);
        var token = await callers.TokenAsync(tenant, "admin", cancellationToken);
        var silent = new List<string>();
        var unreached = 0;
        _failing.Clear();
        foreach (var node in target.Nodes.Count > 0 ? target.Nodes : [target.Https])
        {
            var sent = new Dictionary<string, EndpointEntry>(StringComparer.Ordinal);
            foreach (var some in due.Chunk(FromOneAddress))
            {
                using var client = new OutsideClient(target);
                foreach (var entry in some)
                {
                    var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
                    var method = new HttpMethod(entry.Method == "*" ? "POST" : entry.Method);
                    var status = await client.AskAsync(method, new Uri(node, entry.Example), token, ActionLogCanary.Header, canary.Token(nonce), cancellationToken);
                    if (status == HttpStatusCode.NoContent)
                        sent[nonce] = entry;
                    else
                        unreached++;
                }
            }

            var recorded = await NoncesAsync(tenant, cancellationToken);
            foreach (var (_, entry) in sent.Where(one => !recorded.Contains(one.Key)))
            {
                silent.Add($"{entry} on {node.Authority}");
                _failing.Add(entry);
            }
        }

        return (silent, due.Length, unreached);
    }

    private async Task<HashSet<string>> NoncesAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(new TenantScope(tenant, Actor.System("audit.actions"), OwnerReach.All, null));
        // A proof of what isn't there makes whatever was committed until now part of the log.
        await reader.ProveAsync(tenant, Guid.Empty, cancellationToken);
        var newest = await reader.ListAsync(session, null, 500, cancellationToken);
        return [.. newest.Where(entry => entry.Event == ActionLogMiddleware.Event).SelectMany(entry => entry.Fields.Fields).Where(field => field.Name == "canary").Select(field => field.Value)];
    }
}
