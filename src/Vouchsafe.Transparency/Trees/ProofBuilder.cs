using System.Numerics;
using Vouchsafe.Cryptography.Hashing;

namespace Vouchsafe.Transparency.Trees;

/// <summary>Builds proofs (RFC 6962 §2.1.1, §2.1.2) in a tree of a given size from its tiles. Reads each tile once; not thread-safe.</summary>
/// <exception cref="TreeException">A tile is missing or short.</exception>
public sealed class ProofBuilder(ITileSource tiles, long size)
{
    private readonly Dictionary<(int Level, long Index), ReadOnlyMemory<byte>> read = [];

    /// <summary>The audit path of the leaf at <paramref name="index"/>.</summary>
    public async ValueTask<Digest[]> InclusionAsync(long index, CancellationToken cancellationToken)
    {
        if (index < 0 || index >= size)
            throw new ArgumentOutOfRangeException(nameof(index), index, $"The tree has {size} leaves.");
        var proof = new List<Digest>();
        var (start, end) = (0L, size);
        while (end - start > 1)
        {
            var middle = start + Split(end - start);
            if (index < middle)
            {
                proof.Add(await RangeAsync(middle, end, cancellationToken));
                end = middle;
            }
            else
            {
                proof.Add(await RangeAsync(start, middle, cancellationToken));
                start = middle;
            }
        }
        proof.Reverse();
        return [.. proof];
    }

    /// <summary>The proof that the tree's first <paramref name="first"/> leaves are those of the smaller tree of that size.</summary>
    public async ValueTask<Digest[]> ConsistencyAsync(long first, CancellationToken cancellationToken)
    {
        if (first < 0 || first > size)
            throw new ArgumentOutOfRangeException(nameof(first), first, $"The tree has {size} leaves.");
        var proof = new List<Digest>();
        if (first == 0)
            return [];
        var (start, end, whole) = (0L, size, true);
        while (first != end)
        {
            var middle = start + Split(end - start);
            if (first <= middle)
            {
                proof.Add(await RangeAsync(middle, end, cancellationToken));
                end = middle;
            }
            else
            {
                proof.Add(await RangeAsync(start, middle, cancellationToken));
                start = middle;
                whole = false;
            }
        }
        if (!whole)
            proof.Add(await RangeAsync(start, end, cancellationToken));
        proof.Reverse();
        return [.. proof];
    }

    /// <summary>The roots of the perfect subtrees that the first <paramref name="count"/> leaves fall into, largest first:
    /// what has to outlive these leaves for every proof to hold.</summary>
    /// <param name="count">A multiple of 256: leaves are pruned by whole tiles.</param>
    public async ValueTask<Digest[]> FrozenAsync(long count, CancellationToken cancellationToken)
    {
        if (count < 0 || count > size || count % Tile.FullWidth != 0)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"A multiple of {Tile.FullWidth}, at most {size}.");
        var roots = new List<Digest>();
        var start = 0L;
        foreach (var height in RootBuilder.Heights(count))
        {
            roots.Add(await PerfectAsync(height, start >> height, cancellationToken));
            start += 1L << height;
        }
        return [.. roots];
    }

    /// <summary>The tree's root, from the tiles alone.</summary>
    public async ValueTask<Digest> RootAsync(CancellationToken cancellationToken) =>
        size == 0 ? TreeHash.Empty : await RangeAsync(0, size, cancellationToken);

    private static long Split(long count) => 1L << BitOperations.Log2((ulong)(count - 1));

    /// <summary>The hash over the leaves from start to end, where start is a multiple of the largest power of two in the range.</summary>
    private async ValueTask<Digest> RangeAsync(long start, long end, CancellationToken cancellationToken)
    {
        var parts = new Stack<Digest>();
        foreach (var height in RootBuilder.Heights(end - start))
        {
            parts.Push(await PerfectAsync(height, start >> height, cancellationToken));
            start += 1L << height;
        }
        var hash = parts.Pop();
        while (parts.TryPop(out var left))
            hash = TreeHash.Node(left, hash);
        return hash;
    }

    private async ValueTask<Digest> PerfectAsync(int height, long index, CancellationToken cancellationToken)
    {
        var (level, above) = (height / 8, height % 8);
        var first = index << above;
        var tile = await TileAsync(level, first / Tile.FullWidth, cancellationToken);
        return TreeHash.Perfect(Digest.Cast(tile.Span).Slice((int)(first % Tile.FullWidth), 1 << above));
    }

    private async ValueTask<ReadOnlyMemory<byte>> TileAsync(int level, long index, CancellationToken cancellationToken)
    {
        if (read.TryGetValue((level, index), out var known))
            return known;
        var width = (int)Math.Min(Tile.FullWidth, (size >> (8 * level)) - (index * Tile.FullWidth));
        var address = new TileAddress(level, index, width);
        if (await tiles.ReadAsync(address, cancellationToken) is not { } bytes || bytes.Length < width * Digest.Size || bytes.Length % Digest.Size != 0)
            throw new TreeException($"The tree of size {size} misses {address}.");
        return read[(level, index)] = bytes[..(width * Digest.Size)];
    }
}
