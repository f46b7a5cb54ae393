using System.Runtime.InteropServices;
using Vouchsafe.Cryptography.Hashing;

namespace Vouchsafe.Transparency.Trees;

/// <summary>
/// A tree's head and its right edge: the one partial tile of each level. That is all that is needed to append, whatever the
/// tree's size. Immutable: an append gives the next edge, so that one that isn't committed is simply dropped.
/// </summary>
public sealed class TreeEdge
{
    private readonly Digest[][] partial;

    private TreeEdge(TreeHead head, Digest[][] partial)
    {
        Head = head;
        this.partial = partial;
    }

    public static TreeEdge Empty { get; } = new(TreeHead.Empty, []);

    public TreeHead Head { get; }

    /// <summary>The partial tiles that the edge of a tree of this size consists of, lowest level first.</summary>
    public static IReadOnlyList<TileAddress> Addresses(long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        var addresses = new List<TileAddress>();
        var nodes = size;
        for (var level = 0; nodes > 0; level++, nodes /= Tile.FullWidth)
            if (nodes % Tile.FullWidth is var width and > 0)
                addresses.Add(new TileAddress(level, nodes / Tile.FullWidth, (int)width));
        return addresses;
    }

    /// <summary>Takes up a tree where it was left.</summary>
    /// <param name="head">The head as it was stored.</param>
    /// <param name="tiles">The tiles of <see cref="Addresses"/>; wider ones are cut to what the head covers.</param>
    /// <exception cref="TreeException">A tile is missing or short, or the tiles don't hash to the head's root.</exception>
    public static TreeEdge Open(TreeHead head, IEnumerable<Tile> tiles)
    {
        var given = tiles.ToDictionary(tile => (tile.Level, tile.Index));
        var partial = new List<Digest[]>();
        foreach (var address in Addresses(head.Size))
        {
            if (!given.TryGetValue((address.Level, address.Index), out var tile) || tile.Width < address.Width)
                throw new TreeException($"The tree of size {head.Size} misses {address}.");
            while (partial.Count < address.Level)
                partial.Add([]);
            partial.Add(tile.Hashes[..address.Width].ToArray());
        }
        var edge = new TreeEdge(head, [.. partial]);
        if (RootOf(edge.partial) != head.Root)
            throw new TreeException($"The right edge of the tree of size {head.Size} does not hash to its root: a tile or the head was altered.");
        return edge;
    }

    /// <summary>Appends leaf hashes.</summary>
    /// <returns>The next edge, and each tile that came to be or grew, with all of its hashes, lowest level first.</returns>
    public (TreeEdge Edge, IReadOnlyList<Tile> Changed) Append(ReadOnlySpan<Digest> leafHashes)
    {
        var changed = new List<Tile>();
        var next = new List<Digest[]>();
        var incoming = leafHashes.ToArray();
        var nodes = Head.Size;
        for (var level = 0; incoming.Length > 0 || level < partial.Length; level++, nodes /= Tile.FullWidth)
        {
            var before = level < partial.Length ? partial[level] : [];
            Digest[] row = [.. before, .. incoming];
            var full = row.Length / Tile.FullWidth;
            var parents = new Digest[full];
            for (var i = 0; i < full; i++)
            {
                var hashes = row.AsSpan(i * Tile.FullWidth, Tile.FullWidth);
                changed.Add(Make(level, (nodes / Tile.FullWidth) + i, hashes));
                parents[i] = TreeHash.Perfect(hashes);
            }
            var rest = row.AsSpan(full * Tile.FullWidth);
            if (incoming.Length > 0 && rest.Length > 0)
                changed.Add(Make(level, (nodes / Tile.FullWidth) + full, rest));
            next.Add(rest.ToArray());
            incoming = parents;
        }
        var levels = next.ToArray();
        var head = new TreeHead(checked(Head.Size + leafHashes.Length), RootOf(levels));
        return (new TreeEdge(head, levels), changed);
    }

    private static Tile Make(int level, long index, ReadOnlySpan<Digest> hashes) =>
        new(level, index, MemoryMarshal.AsBytes(hashes).ToArray());

    private static Digest RootOf(Digest[][] levels)
    {
        Digest? right = null;
        foreach (var row in levels)
        {
            // A row's width in binary names its perfect subtrees; the smallest stands last.
            var end = row.Length;
            for (var size = 1; end > 0; size *= 2)
            {
                if ((end & size) == 0)
                    continue;
                var left = TreeHash.Perfect(row.AsSpan(end - size, size));
                right = right is { } hash ? TreeHash.Node(left, hash) : left;
                end -= size;
            }
        }
        return right ?? TreeHash.Empty;
    }
}
