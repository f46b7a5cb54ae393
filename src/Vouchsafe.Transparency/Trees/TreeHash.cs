using Vouchsafe.Cryptography.Hashing;

namespace Vouchsafe.Transparency.Trees;

/// <summary>The hashes of RFC 6962 §2.1.</summary>
public static class TreeHash
{
    private const int LongestOnStack = 1024;

    /// <summary>The root of the tree without leaves: SHA-256 of nothing.</summary>
    public static Digest Empty { get; } = Sha256.Hash([]);

    /// <summary>SHA-256(0x00 ‖ leaf).</summary>
    public static Digest Leaf(ReadOnlySpan<byte> leaf)
    {
        var input = leaf.Length < LongestOnStack ? stackalloc byte[leaf.Length + 1] : new byte[leaf.Length + 1];
        input[0] = 0;
        leaf.CopyTo(input[1..]);
        return Sha256.Hash(input);
    }

    /// <summary>SHA-256(0x01 ‖ left ‖ right).</summary>
    public static Digest Node(in Digest left, in Digest right)
    {
        Span<byte> input = stackalloc byte[1 + (2 * Digest.Size)];
        input[0] = 1;
        left.Bytes.CopyTo(input[1..]);
        right.Bytes.CopyTo(input[(1 + Digest.Size)..]);
        return Sha256.Hash(input);
    }

    /// <summary>The root over a whole number of equally high subtrees, at least one: a power of two of them.</summary>
    internal static Digest Perfect(ReadOnlySpan<Digest> nodes)
    {
        if (nodes.Length == 1)
            return nodes[0];
        Span<Digest> row = stackalloc Digest[Tile.FullWidth / 2];
        for (var i = 0; i < nodes.Length / 2; i++)
            row[i] = Node(nodes[2 * i], nodes[(2 * i) + 1]);
        for (var width = nodes.Length / 2; width > 1; width /= 2)
            for (var i = 0; i < width / 2; i++)
                row[i] = Node(row[2 * i], row[(2 * i) + 1]);
        return row[0];
    }
}
