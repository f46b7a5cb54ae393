using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Audit.Sequencing;

/// <summary>Reads a log's right edge from the database and refuses one that doesn't hash to the head.</summary>
internal static class RightEdgeReader
{
    public static async Task<RightEdge> ReadAsync(PlatformSession session, Guid tenant, TreeHead? head, CancellationToken cancellationToken)
    {
        var tails = await session.ListAsync(
            "select first_index, entries, hashes from audit.tails where tenant_id = $1 order by first_index",
            [tenant],
            row => (First: row.GetInt64(0), Entries: row.GetFieldValue<byte[]>(1), Hashes: row.GetFieldValue<byte[]>(2)),
            cancellationToken);
        var size = head?.Size ?? 0;
        var expected = size - size % RightEdge.TileWidth;
        foreach (var tail in tails)
        {
            if (tail.First != expected)
                throw new DamagedLogException($"The tail has a row at index {tail.First} where {expected} was next.");
            expected += tail.Entries.Length / 16;
        }

        var tiles = new Dictionary<int, byte[]> { [0] = [.. tails.SelectMany(tail => tail.Hashes)] };
        for (var level = 1; size >> (8 * level) > 0; level++)
        {
            if (((size >> (8 * level)) & (RightEdge.TileWidth - 1)) == 0)
                continue;
            tiles[level] = await session.SingleOrDefaultAsync(
                "select hashes from audit.tiles where tenant_id = $1 and level = $2 and tile = $3",
                [tenant, (short)level, size >> (8 * (level + 1))],
                row => row.GetFieldValue<byte[]>(0),
                cancellationToken) ?? [];
        }

        var edge = RightEdge.Restore(size, tiles, tails.SelectMany(tail => tail.Entries).ToArray());
        if (head is { } moved && edge.Root() != moved.Root)
            throw new DamagedLogException($"The tiles of a log of {size} entries don't hash to its root.");
        return edge;
    }
}
