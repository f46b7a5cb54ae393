using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Audit.Sequencing;

/// <summary>
/// What must be known of a log to append to it: its size, the incomplete tile of each level, and the roots of the
/// perfect subtrees that its size is made of (RFC 6962, section 2.1). It stays a few KiB however long the log grows.
/// </summary>
/// <remarks>
/// Where <see cref="TreeEdge"/> hashes its partial tiles anew for each head, this keeps the subtrees' roots: a round that gives
/// one entry to each of many logs then costs two hashes a log instead of some hundred.
/// </remarks>
internal sealed class RightEdge
{
    public const int TileWidth = Tile.FullWidth;
    private const int HashLength = Digest.Size;
    private const int Levels = TileAddress.Levels;

    private readonly Stack<Digest> _subtrees = new(); // largest first; one for each bit set in Size
    private readonly MemoryStream[] _tiles = [.. Enumerable.Range(0, Levels).Select(_ => new MemoryStream())];
    private readonly MemoryStream _entries = new();

    public long Size { get; private set; }

    /// <summary>Rebuilds the edge from what the database holds of it.</summary>
    /// <param name="size">Entries in the log.</param>
    /// <param name="tiles">For each level its incomplete tile's hashes; level 0 is the tail. A level may be absent where it is empty.</param>
    /// <param name="tail">Entry ids of the tail.</param>
    /// <exception cref="DamagedLogException">The parts don't make a log of this size.</exception>
    public static RightEdge Restore(long size, IReadOnlyDictionary<int, byte[]> tiles, ReadOnlySpan<byte> tail)
    {
        var edge = new RightEdge { Size = size };
        for (var level = Levels - 1; level >= 0; level--)
        {
            var width = (int)((size >> (8 * level)) & (TileWidth - 1));
            var hashes = tiles.GetValueOrDefault(level) ?? [];
            if (hashes.Length != width * HashLength)
                throw new DamagedLogException($"Level {level} holds {hashes.Length / HashLength} hashes at its right edge where a log of {size} entries has {width}.");
            edge._tiles[level].Write(hashes);
            edge.PushSubtrees(hashes);
        }

        if (tail.Length != (int)(size & (TileWidth - 1)) * 16)
            throw new DamagedLogException($"The tail names {tail.Length / 16} entries where a log of {size} has {size & (TileWidth - 1)}.");
        edge._entries.Write(tail);
        return edge;
    }

    /// <summary>Appends one leaf hash; what became complete by it goes to <paramref name="full"/>.</summary>
    public void Append(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> leafHash, FullTiles full)
    {
        _entries.Write(entry);
        AddTo(0, leafHash, full);
        var hash = Digest.From(leafHash);
        for (var height = 0; ((Size >> height) & 1) == 1; height++)
        {
            hash = TreeHash.Node(_subtrees.Pop(), hash);
            if ((height + 1) % 8 == 0)
                AddTo((height + 1) / 8, hash.Bytes, full);
        }

        _subtrees.Push(hash);
        Size++;
    }

    /// <summary>The tree's root (RFC 6962, section 2.1).</summary>
    public Digest Root()
    {
        Digest? root = null;
        foreach (var subtree in _subtrees) // smallest first
            root = root is { } right ? TreeHash.Node(subtree, right) : subtree;
        return root ?? TreeHash.Empty;
    }

    /// <summary>The incomplete tile of a level above 0.</summary>
    public byte[] Partial(int level) => _tiles[level].ToArray();

    private void AddTo(int level, ReadOnlySpan<byte> hash, FullTiles full)
    {
        var tile = _tiles[level];
        tile.Write(hash);
        full.Touched(level);
        if (tile.Length < TileWidth * HashLength)
            return;
        full.Add(level, ((Size + 1) >> (8 * (level + 1))) - 1, tile.ToArray(), level == 0 ? _entries.ToArray() : null);
        tile.SetLength(0);
        if (level == 0)
            _entries.SetLength(0);
    }

    /// <summary>A partial tile's perfect subtrees, largest first.</summary>
    private void PushSubtrees(ReadOnlySpan<byte> hashes)
    {
        var count = hashes.Length / HashLength;
        for (var bit = TileWidth / 2; bit > 0; bit /= 2)
        {
            if ((count & bit) == 0)
                continue;
            _subtrees.Push(Perfect(hashes[..(bit * HashLength)]));
            hashes = hashes[(bit * HashLength)..];
        }
    }

    private static Digest Perfect(ReadOnlySpan<byte> hashes)
    {
        if (hashes.Length == HashLength)
            return Digest.From(hashes);
        var half = hashes.Length / 2;
        return TreeHash.Node(Perfect(hashes[..half]), Perfect(hashes[half..]));
    }
}
