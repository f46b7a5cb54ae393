using Vouchsafe.Postgres.Sessions;

namespace Vouchsafe.Audit.Checks;

/// <summary>Where entries stand in a log, by going through the ids of all of them: 16 bytes an entry, in bounded memory.</summary>
internal static class EntryPlaces
{
    private const string Parts =
        """
        select bundle * 256 as first, entries from audit.bundles where tenant_id = $1
        union all
        select first_index, entries from audit.tails where tenant_id = $1
        order by 1
        """;

    /// <returns>Of each entry that the log names, the first place.</returns>
    public static async Task<IReadOnlyDictionary<Guid, long>> FirstAsync(
        PlatformSession session, Guid tenant, IReadOnlySet<Guid> entries, CancellationToken cancellationToken)
    {
        var places = new Dictionary<Guid, long>();
        var parts = session.StreamAsync(Parts, [tenant], row => (row.GetInt64(0), row.GetFieldValue<byte[]>(1)), cancellationToken);
        await foreach (var (first, ids) in parts)
        {
            for (var n = 0; n < ids.Length / 16; n++)
            {
                var id = new Guid(ids.AsSpan(16 * n, 16), bigEndian: true);
                if (entries.Contains(id))
                    places.TryAdd(id, first + n);
            }

            if (places.Count == entries.Count)
                break;
        }

        return places;
    }
}
