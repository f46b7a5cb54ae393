using System.Security.Cryptography;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Transparency.Tests.Trees;

/// <summary>RFC 6962 §2.1 as it is written there, and tiles in memory.</summary>
internal sealed class NaiveTree : ITileSource
{
    public Dictionary<(int Level, long Index), Tile> Tiles { get; } = [];

    public static Digest[] Leaves(int count) =>
        [.. Enumerable.Range(0, count).Select(i => TreeHash.Leaf(BitConverter.GetBytes(i)))];

    public static Digest Root(ReadOnlySpan<Digest> leaves)
    {
        if (leaves.Length == 0)
            return Digest.From(SHA256.HashData([]));
        if (leaves.Length == 1)
            return leaves[0];
        var split = 1;
        while (split * 2 < leaves.Length)
            split *= 2;
        return Digest.From(SHA256.HashData([1, .. Root(leaves[..split]).ToArray(), .. Root(leaves[split..]).ToArray()]));
    }

    /// <summary>RFC 6962, section 2.1.2: that the first leaves are those of the smaller tree.</summary>
    public static Digest[] Consistency(int first, ReadOnlySpan<Digest> leaves) => Subproof(first, leaves, whole: true);

    private static Digest[] Subproof(int first, ReadOnlySpan<Digest> leaves, bool whole)
    {
        if (first == leaves.Length)
            return whole ? [] : [Root(leaves)];
        var split = 1;
        while (split * 2 < leaves.Length)
            split *= 2;
        return first <= split
            ? [.. Subproof(first, leaves[..split], whole), Root(leaves[split..])]
            : [.. Subproof(first - split, leaves[split..], whole: false), Root(leaves[..split])];
    }

    public void Keep(IEnumerable<Tile> tiles)
    {
        foreach (var tile in tiles)
            Tiles[(tile.Level, tile.Index)] = tile;
    }

    public ValueTask<ReadOnlyMemory<byte>?> ReadAsync(TileAddress address, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Tiles.TryGetValue((address.Level, address.Index), out var tile) ? tile.Bytes : (ReadOnlyMemory<byte>?)null);
}
