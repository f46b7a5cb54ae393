using System.Text;
using System.Text.Json.Nodes;
using Vouchsafe.Assurance.Results;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Claims.Evidence;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Assurance.Publishing;

/// <summary>The results of a statement with their paths to a signed head. They change with a new result alone, and are computed once for each.</summary>
internal sealed class ResultProofs(TrailReader trail)
{
    /// <summary>Room for the rest of a statement, which has 4 MiB.</summary>
    private const int MaxLength = 2_500_000;

    private volatile Proven? newest;

    /// <returns>Null where there is nothing to show, or the log can't prove it.</returns>
    public async Task<JsonObject?> OfAsync(ResultSnapshot known, CancellationToken cancellationToken)
    {
        if (known.Unreliable is not null || known.Shown.Count == 0) return null;
        if (newest is { } kept && kept.Last == known.Shown[^1].Id && kept.First == known.Shown[0].Id) return (JsonObject)JsonNode.Parse(kept.Json)!;
        await using var log = await trail.OpenVerifiedAsync(SystemLog.Tenant, null, sequence: false, cancellationToken);
        if (log is null || log.Fault is not null) return null;
        var entries = new Stack<JsonObject>();
        var length = 0;
        try
        {
            foreach (var entry in known.Shown.Reverse())
            {
                var shown = EvidenceEntry.Build(entry.Id, entry.Index, entry.Leaf, entry.Actor, entry.Fields);
                shown["inclusion"] = EvidenceEntry.Path(await log.InclusionAsync(entry.Index, cancellationToken));
                length += Encoding.UTF8.GetByteCount(shown.ToJsonString());
                if (length > MaxLength) break;
                entries.Push(shown);
            }
        }
        catch (TreeException)
        {
            return null;
        }
        var chain = ResultChain.Build(log.Checkpoint, entries);
        newest = new Proven(known.Shown[0].Id, known.Shown[^1].Id, chain.ToJsonString());
        return chain;
    }

    private sealed record Proven(Guid First, Guid Last, string Json);
}
