using System.Numerics;
using Vouchsafe.Cryptography.Hashing;

namespace Vouchsafe.Transparency.Trees;

/// <summary>Verifies proofs. Nothing here throws on bad input: what doesn't verify is false.</summary>
public static class Proof
{
    /// <summary>The longest proof there can be.</summary>
    public const int MostHashes = 64;

    /// <summary>RFC 9162 §2.1.3.2: that the leaf stands at this index of the tree.</summary>
    public static bool VerifyInclusion(long index, in Digest leafHash, TreeHead head, ReadOnlySpan<Digest> proof) =>
        VerifySubtreeInclusion(index, leafHash, 0, head.Size, head.Root, proof);

    /// <summary>RFC 9162 §2.1.4.2: that the larger tree begins with the smaller. Of the tree without leaves it says nothing, so
    /// there is no proof from it: false.</summary>
    public static bool VerifyConsistency(TreeHead smaller, TreeHead larger, ReadOnlySpan<Digest> proof) =>
        smaller.Size > 0 && VerifySubtreeConsistency(0, smaller.Size, smaller.Root, larger, proof);

    /// <summary>That the leaf with this index in the whole tree stands in the subtree of the leaves from start to end.</summary>
    public static bool VerifySubtreeInclusion(long index, in Digest leafHash, long start, long end, in Digest root, ReadOnlySpan<Digest> proof)
    {
        if (!IsSubtree(start, end) || index < start || index >= end || proof.Length > MostHashes)
            return false;
        var node = index - start;
        var last = end - start - 1;
        var hash = leafHash;
        foreach (ref readonly var sibling in proof)
        {
            if (last == 0)
                return false;
            if ((node & 1) == 1 || node == last)
            {
                hash = TreeHash.Node(sibling, hash);
                for (; (node & 1) == 0 && node != 0; node >>= 1)
                    last >>= 1;
            }
            else
                hash = TreeHash.Node(hash, sibling);
            node >>= 1;
            last >>= 1;
        }
        return last == 0 && hash == root;
    }

    /// <summary>That the subtree of the leaves from start to end is part of the tree (the procedure of RFC 9162 §2.1.4.2, for any
    /// subtree that can stand in a tree: start is a multiple of the smallest power of two that holds its leaves). The subtree
    /// without leaves is part of each tree that reaches so far.</summary>
    public static bool VerifySubtreeConsistency(long start, long end, in Digest root, TreeHead tree, ReadOnlySpan<Digest> proof)
    {
        if (start == end)
            return start >= 0 && end <= tree.Size && proof.IsEmpty && root == TreeHash.Empty;
        if (!IsSubtree(start, end) || end > tree.Size || proof.Length > MostHashes)
            return false;
        var (first, second, last) = (start, end - 1, tree.Size - 1);
        if (second == last)
            while (first != second)
                Shift(ref first, ref second, ref last);
        else
            while (first != second && (second & 1) == 1)
                Shift(ref first, ref second, ref last);
        var rest = proof;
        Digest small, large;
        if (first == second)
            small = large = root;
        else
        {
            if (rest.IsEmpty)
                return false;
            small = large = rest[0];
            rest = rest[1..];
        }
        foreach (ref readonly var sibling in rest)
        {
            if (last == 0)
                return false;
            if ((second & 1) == 1 || second == last)
            {
                if (first < second)
                    small = TreeHash.Node(sibling, small);
                large = TreeHash.Node(sibling, large);
                while ((second & 1) == 0 && second != 0)
                    Shift(ref first, ref second, ref last);
            }
            else
                large = TreeHash.Node(large, sibling);
            Shift(ref first, ref second, ref last);
        }
        return last == 0 && small == root && large == tree.Root;
    }

    private static bool IsSubtree(long start, long end)
    {
        if (start < 0 || end <= start)
            return false;
        var width = BitOperations.RoundUpToPowerOf2((ulong)(end - start));
        return ((ulong)start & (width - 1)) == 0;
    }

    private static void Shift(ref long first, ref long second, ref long last)
    {
        first >>= 1;
        second >>= 1;
        last >>= 1;
    }
}
