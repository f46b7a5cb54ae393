using System.Runtime.CompilerServices;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Postgres.Sessions;

namespace Vouchsafe.Audit.Logs;

/// <summary>A tenant's own view of its log, a bundle of 256 entries at a time.</summary>
internal static class TenantLog
{
    private const int Width = 256;

    /// <returns>Null while nothing of the tenant has been sequenced.</returns>
    public static Task<LogHead?> HeadAsync(TenantSession session, CancellationToken cancellationToken) =>
        session.SingleOrDefaultAsync(
            "select log_id, size, root, moved_at, pruned_to from audit.head_of($1)",
            [session.Scope.Tenant.Value],
            row => new LogHead(session.Scope.Tenant.Value, row.GetGuid(0), row.GetInt64(1), Digest.From(row.GetFieldValue<byte[]>(2)), row.GetFieldValue<DateTimeOffset>(3), row.GetInt64(4)),
            cancellationToken);

    /// <summary>Entries [from, to) in the log's order, in bounded memory.</summary>
    public static async IAsyncEnumerable<StoredEntry> EntriesAsync(TenantSession session, long from, long to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var bundle = from / Width; bundle * Width < to; bundle++)
        {
            var ids = await IdsAsync(session, bundle, cancellationToken);
            var first = (int)Math.Max(0, from - bundle * Width);
            var last = (int)Math.Min(ids.Count, to - bundle * Width);
            if (first >= last)
                yield break;
            foreach (var entry in await EntriesAsync(session, bundle * Width + first, ids[first..last], cancellationToken))
                yield return entry;
        }
    }

    /// <summary>The ids of a bundle's entries, fewer than 256 at the right edge.</summary>
    public static async Task<List<Guid>> IdsAsync(TenantSession session, long bundle, CancellationToken cancellationToken)
    {
        var tenant = session.Scope.Tenant.Value;
        // The last bundle may become full between two looks: in one statement there is one.
        var parts = await session.ListAsync(
            """
            select 0::bigint, entries from audit.bundles_of($1, $2, $2)
            union all
            select first_index, entries from audit.tail_of($1) where first_index >> 8 = $2
            order by 1
            """,
            [tenant, bundle],
            row => row.GetFieldValue<byte[]>(1),
            cancellationToken);
        return [.. parts.SelectMany(part => part.Chunk(16)).Select(id => new Guid(id, bigEndian: true))];
    }

    /// <summary>The named entries; what isn't there any more comes without its parts.</summary>
    public static async Task<List<StoredEntry>> EntriesAsync(TenantSession session, long first, IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        var appends = ids.Select(id => AppendId.Of(id).Value).Distinct().ToArray();
        var rows = (await session.ListAsync(
            "select append_id, leaves, sealed from audit.entries where tenant_id = $1 and append_id = any($2)",
            [session.Scope.Tenant.Value, appends],
            row => (Id: row.GetGuid(0), Leaves: row.GetFieldValue<byte[][]>(1), Sealed: row.GetFieldValue<byte[][]>(2)),
            cancellationToken)).ToDictionary(row => row.Id);
        return [.. ids.Select((id, n) =>
        {
            var position = AppendId.PositionOf(id);
            return rows.TryGetValue(AppendId.Of(id).Value, out var row) && position < row.Leaves.Length && position < row.Sealed.Length
                ? new StoredEntry(first + n, id, row.Leaves[position], row.Sealed[position])
                : new StoredEntry(first + n, id, null, null);
        })];
    }
}
