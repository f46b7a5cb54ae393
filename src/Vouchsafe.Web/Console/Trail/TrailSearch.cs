using Vouchsafe.Audit.Trail;
using Vouchsafe.Postgres.Sessions;

namespace Vouchsafe.Web.Console.Trail;

/// <summary>Finds entries by time and event. It goes by the log itself, newest first: the trail has no index that could tell otherwise than the log.</summary>
/// <param name="read">Entries with an index below the first argument, newest first, at most the second.</param>
internal sealed class TrailSearch(Func<long?, int, Task<IReadOnlyList<TrailEntry>>> read)
{
    public const int PageSize = 50;

    /// <summary>Entries that one page looks at, at most; the next page goes on where it stopped.</summary>
    public const int MostLooks = 5_000;

    private const int Chunk = 500;

    /// <summary>Entries get their index at commit and their time before it: by so much, a long transaction, the order of the two may differ.</summary>
    private static readonly TimeSpan Disorder = TimeSpan.FromMinutes(15);

    public static TrailSearch Over(TrailReader reader, TenantSession session, CancellationToken cancellationToken) =>
        new((before, limit) => reader.ListAsync(session, before, limit, cancellationToken));

    /// <returns>The entries, and the index below which to go on; null where nothing is left.</returns>
    public async Task<(IReadOnlyList<TrailEntry> Entries, long? Next)> FindAsync(TrailQuery query)
    {
        var found = new List<TrailEntry>();
        var before = await StartAsync(query);
        for (var looked = 0; looked < MostLooks;)
        {
            var chunk = await read(before, query.Filters ? Chunk : PageSize);
            foreach (var entry in chunk)
            {
                if (query.Start is { } start && entry.At < start - Disorder) return (found, null);
                if (Matches(entry, query)) found.Add(entry);
                if (found.Count == PageSize) return (found, entry.Index > 0 ? entry.Index : null);
            }
            if (chunk is not [.., { Index: > 0 } last]) return (found, null);
            before = last.Index;
            looked += chunk.Count;
        }
        return (found, before);
    }

    /// <summary>An entry that can't be read any more matches any filter: what is missing from a trail is never left out of it.</summary>
    private static bool Matches(TrailEntry entry, TrailQuery query) => entry.At is not { } at || entry.Event is not { } name
        || (!(at < query.Start) && !(at >= query.End) && (query.Event is null || name.StartsWith(query.Event, StringComparison.Ordinal)));

    /// <summary>Skips by bisection what was recorded after the last day. Where an entry can't be read it skips less, never more.</summary>
    private async Task<long?> StartAsync(TrailQuery query)
    {
        if (query.End is not { } end || await read(query.Before, 1) is not [var newest]) return query.Before;
        var (low, high) = (0L, newest.Index + 1);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            // Below what was pruned there is nothing to read, and nothing that would be too new.
            var isTooNew = await read(middle + 1, 1) is [{ At: { } at } entry] && entry.Index == middle && at >= end + Disorder;
            if (isTooNew) high = middle;
            else low = middle + 1;
        }
        return high;
    }
}
