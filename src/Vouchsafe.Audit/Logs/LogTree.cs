using System.Numerics;
using System.Security.Cryptography;

namespace Vouchsafe.Audit.Logs;

/// <summary>A log of a fixed size, seen through its tiles: roots and proofs as RFC 6962, section 2.1, defines them.</summary>
internal sealed class LogTree(ITileSource source, long size)
{
    private const int HashLength = 32;

    private readonly Dictionary<(int Level, long Index), byte[]> _tiles = [];

    public Task<byte[]> RootAsync(CancellationToken cancellationToken) =>
        size == 0 ? Task.FromResult(SHA256.HashData([])) : RangeAsync(0, size, cancellationToken);

    /// <summary>RFC 6962, section 2.1.1: from the leaf's sibling up to the root's child.</summary>
    public async Task<IReadOnlyList<byte[]>> InclusionAsync(long index, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var siblings = new List<byte[]>();
        var (low, high) = (0L, size);
        while (high - low > 1)
        {
            var middle = low + Split(high - low);
            if (index < middle)
            {
                siblings.Add(await RangeAsync(middle, high, cancellationToken));
                high = middle;
            }
            else
            {
                siblings.Add(await RangeAsync(low, middle, cancellationToken));
                low = middle;
            }
        }

        siblings.Reverse();
        return siblings;
    }

    /// <summary>RFC 6962, section 2.1.2: that the log of <paramref name="from"/> entries is a beginning of this one.</summary>
    public async Task<IReadOnlyList<byte[]>> ConsistencyAsync(long from, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, size);
        var proof = new List<byte[]>();
        if (from == 0 || from == size)
            return proof;
        var (low, high, old, known) = (0L, size, from, true);
        while (low + old != high)
        {
            var middle = low + Split(high - low);
            if (low + old <= middle)
            {
                proof.Add(await RangeAsync(middle, high, cancellationToken));
                high = middle;
            }
            else
            {
                proof.Add(await RangeAsync(low, middle, cancellationToken));
                old -= middle - low;
                low = middle;
                known = false;
            }
        }

        if (!known)
            proof.Add(await RangeAsync(low, high, cancellationToken));
        proof.Reverse();
        return proof;
    }

    /// <summary>The root over leaves [low, high), where low is aligned as in an RFC 6962 tree.</summary>
    private async Task<byte[]> RangeAsync(long low, long high, CancellationToken cancellationToken)
    {
        var count = high - low;
        if (BitOperations.IsPow2(count))
            return await SubtreeAsync(BitOperations.Log2((ulong)count), low / count, cancellationToken);
        var middle = low + Split(count);
        return Node(await RangeAsync(low, middle, cancellationToken), await RangeAsync(middle, high, cancellationToken));
    }

    /// <summary>The root of a perfect subtree: kept in a tile where its height is a multiple of 8, else computed from one.</summary>
    private async Task<byte[]> SubtreeAsync(int height, long position, CancellationToken cancellationToken)
    {
        var level = height / 8;
        var width = 1 << (height % 8);
        var first = position * width;
        var index = first >> 8;
        if (!_tiles.TryGetValue((level, index), out var tile))
            _tiles[(level, index)] = tile = await source.TileAsync(level, index, size, cancellationToken);
        return Perfect(tile.AsSpan((int)(first & 255) * HashLength, width * HashLength));
    }

    private static byte[] Perfect(ReadOnlySpan<byte> hashes)
    {
        if (hashes.Length == HashLength)
            return hashes.ToArray();
        var half = hashes.Length / 2;
        return Node(Perfect(hashes[..half]), Perfect(hashes[half..]));
    }

    private static byte[] Node(byte[] left, byte[] right)
    {
        Span<byte> node = stackalloc byte[1 + 2 * HashLength];
        node[0] = 1;
        left.CopyTo(node[1..]);
        right.CopyTo(node[(1 + HashLength)..]);
        return SHA256.HashData(node);
    }

    /// <summary>The largest power of two below n.</summary>
    private static long Split(long n) => 1L << BitOperations.Log2((ulong)(n - 1));
}
