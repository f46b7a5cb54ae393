using System.Runtime.InteropServices;
using Vouchsafe.Cryptography.Hashing;

namespace Vouchsafe.Transparency.Trees;

/// <summary>The hashes of RFC 6962 §2.1.</summary>
public static class TreeHash
{
    private const int LongestOnStack = 1024;

    /// <summary>So few are as quick one by one.</summary>
    private const int FewNodes = 16;

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

    /// <summary>As <see cref="Perfect(ReadOnlySpan{Digest})"/>, many nodes at a time.</summary>
    /// <param name="batch">An empty one, to work in.</param>
    internal static Digest Perfect(scoped ReadOnlySpan<Digest> nodes, Sha256Batch batch)
    {
        Span<Digest> row = stackalloc Digest[Tile.FullWidth / 2];
        while (nodes.Length > FewNodes)
        {
            for (var i = 0; i < nodes.Length; i += 2)
                batch.Add([1], MemoryMarshal.AsBytes(nodes.Slice(i, 2)));
            batch.Run();
            batch.Digests.CopyTo(row);
            nodes = row[..(nodes.Length / 2)];
            batch.Clear();
        }
        return Perfect(nodes);
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
