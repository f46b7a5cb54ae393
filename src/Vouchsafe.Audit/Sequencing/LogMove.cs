using Vouchsafe.Audit.Trail;
using Vouchsafe.Cryptography.Hashing;

namespace Vouchsafe.Audit.Sequencing;

/// <summary>What one round does to one log.</summary>
internal sealed record LogMove(
    Guid Tenant,
    long From,
    long To,
    Digest Root,
    FullTiles Full,
    IReadOnlyList<(int Level, long Index, byte[] Hashes)> Growing,
    long TailFirst,
    byte[] TailEntries,
    byte[] TailHashes)
{
    public int Count => (int)(To - From);

    /// <summary>Appends to the edge. The order within a round is that of the entry ids, which begin with their time.</summary>
    public static LogMove Make(Guid tenant, RightEdge edge, IReadOnlyList<PendingAppend> appends)
    {
        var ordered = appends.OrderBy(append => append.Append).ToList();
        var entries = new byte[16 * ordered.Sum(append => append.Count)];
        var hashes = new byte[2 * entries.Length];
        var n = 0;
        foreach (var append in ordered)
        {
            append.Hashes.CopyTo(hashes, 32 * n);
            var id = new AppendId(append.Append);
            for (var position = 0; position < append.Count; position++)
                id.Entry(position).TryWriteBytes(entries.AsSpan(16 * n++), bigEndian: true, out _);
        }

        var from = edge.Size;
        var full = new FullTiles();
        for (var i = 0; i < n; i++)
            edge.Append(entries.AsSpan(16 * i, 16), hashes.AsSpan(32 * i, 32), full);

        // What is left of this round after its last full tile goes to the tail.
        var boundary = edge.Size - edge.Size % RightEdge.TileWidth;
        var tailFirst = Math.Max(from, boundary);
        var rest = (int)(tailFirst - from);

        var growing = full.TouchedAbove
            .Select(level => (Level: level, Index: edge.Size >> (8 * (level + 1)), Hashes: edge.Partial(level)))
            .Where(tile => tile.Hashes.Length > 0)
            .ToList();
        return new LogMove(tenant, from, edge.Size, edge.Root(), full, growing, tailFirst, entries[(16 * rest)..], hashes[(32 * rest)..]);
    }
}
