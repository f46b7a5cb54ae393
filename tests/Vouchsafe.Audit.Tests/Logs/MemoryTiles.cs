using Vouchsafe.Audit.Sequencing;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Audit.Tests.Logs;

/// <summary>Tiles as the sequencer's arithmetic produces them, without a database.</summary>
internal sealed class MemoryTiles : ITileSource
{
    private readonly Dictionary<(int Level, long Index), byte[]> _tiles = [];
    private readonly List<byte> _tail = [];

    public RightEdge Edge { get; private set; } = RightEdge.Restore(0, new Dictionary<int, byte[]>(), []);

    public void Append(int first, int count)
    {
        var full = new FullTiles();
        for (var n = first; n < first + count; n++)
        {
            Edge.Append(Entry(n), NaiveTree.Leaf(n), full);
            _tail.AddRange(NaiveTree.Leaf(n));
        }

        foreach (var (level, index, hashes, _) in full.All)
            _tiles[(level, index)] = hashes;
        foreach (var level in full.TouchedAbove)
            if (Edge.Partial(level) is { Length: > 0 } tile)
                _tiles[(level, Edge.Size >> (8 * (level + 1)))] = tile;
        _tail.RemoveRange(0, _tail.Count - 32 * (int)(Edge.Size % 256));
    }

    /// <summary>As after a restart: everything again from what is stored.</summary>
    public void Restart()
    {
        var parts = new Dictionary<int, byte[]> { [0] = [.. _tail] };
        for (var level = 1; level < 8; level++)
            if (_tiles.TryGetValue((level, Edge.Size >> (8 * (level + 1))), out var tile))
                parts[level] = tile;
        var ids = Enumerable.Range((int)(Edge.Size - Edge.Size % 256), (int)(Edge.Size % 256)).SelectMany(Entry).ToArray();
        Edge = RightEdge.Restore(Edge.Size, parts, ids);
    }

    public ValueTask<ReadOnlyMemory<byte>?> ReadAsync(TileAddress address, CancellationToken cancellationToken) =>
        new(_tiles.TryGetValue((address.Level, address.Index), out var tile) ? tile
            : address.Level == 0 && address.Index == Edge.Size >> 8 ? _tail.ToArray()
            : (ReadOnlyMemory<byte>?)null);

    private static byte[] Entry(int n) => [.. BitConverter.GetBytes(n), .. new byte[12]];
}
