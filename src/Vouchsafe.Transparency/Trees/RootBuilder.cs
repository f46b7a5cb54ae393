using System.Numerics;
using Vouchsafe.Cryptography.Hashing;

namespace Vouchsafe.Transparency.Trees;

/// <summary>The root of a tree whose leaves, or whole perfect subtrees, come one after the other. Holds at most 63 hashes.</summary>
public sealed class RootBuilder
{
    private readonly Stack<Digest> peaks;

    public RootBuilder() => peaks = new();

    private RootBuilder(RootBuilder other) => (peaks, Size) = (new(other.peaks.Reverse()), other.Size);

    /// <summary>How many leaves there are so far.</summary>
    public long Size { get; private set; }

    /// <summary>Appends a perfect subtree of 2^<paramref name="height"/> leaves; height 0 is a leaf's hash.</summary>
    /// <exception cref="ArgumentException">A subtree of that height can't begin at the present size.</exception>
    public void Append(int height, in Digest root)
    {
        if (height is < 0 or > 62 || (Size & ((1L << height) - 1)) != 0)
            throw new ArgumentException($"No perfect subtree of height {height} begins at {Size}.", nameof(height));
        var hash = root;
        for (var h = height; (Size >> h & 1) == 1; h++)
            hash = TreeHash.Node(peaks.Pop(), hash);
        peaks.Push(hash);
        Size = checked(Size + (1L << height));
    }

    /// <summary>The same tree, to go on with another way.</summary>
    public RootBuilder Copy() => new(this);

    public TreeHead Head()
    {
        Digest? right = null;
        foreach (var peak in peaks)
            right = right is { } hash ? TreeHash.Node(peak, hash) : peak;
        return new TreeHead(Size, right ?? TreeHash.Empty);
    }

    /// <summary>The perfect subtrees that the first <paramref name="size"/> leaves fall into, largest first: their heights.</summary>
    public static IEnumerable<int> Heights(long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        for (var rest = size; rest > 0;)
        {
            var height = BitOperations.Log2((ulong)rest);
            yield return height;
            rest -= 1L << height;
        }
    }
}
