using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Vouchsafe.Cryptography.Hashing;

/// <summary>
/// Many short SHA-256 and HMAC-SHA256 whose results are wanted together: sixteen at a time where the processor has AVX-512, one after the
/// other elsewhere, with the same digests. For public data. Not thread-safe.
/// </summary>
public sealed class Sha256Batch
{
    /// <summary>Messages of more blocks are hashed by themselves.</summary>
    private const int MostBlocks = 4;

    private const int LongestShort = (MostBlocks * Sha256.BlockSize) - 9;
    private const int LongestHmac = Sha256.BlockSize - 9;

    private readonly Lane[] lanes = Sha256Lanes.IsSupported ? [.. Enumerable.Range(1, MostBlocks).Select(blocks => new Lane(blocks))] : [];
    private readonly Lane? hmac = Sha256Lanes.IsSupported ? new Lane(2) : null;
    private readonly byte[] padded = new byte[MostBlocks * Sha256.BlockSize];
    private Digest[] results = new Digest[64];
    private int count;

    /// <summary>Adds SHA-256(prefix ‖ message).</summary>
    /// <returns>Where its digest will be.</returns>
    public int Add(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> message)
    {
        var (slot, size) = (Next(), prefix.Length + message.Length);
        if (size > LongestShort)
        {
            results[slot] = Sha256.Hash([.. prefix, .. message]);
            return slot;
        }
        prefix.CopyTo(padded);
        message.CopyTo(padded.AsSpan(prefix.Length));
        if (lanes.Length == 0)
        {
            results[slot] = Sha256.Hash(padded.AsSpan(0, size));
            return slot;
        }
        var blocks = Pad(size, size);
        var lane = lanes[blocks - 1];
        lane.Put(padded.AsSpan(0, blocks * Sha256.BlockSize), 0, slot);
        if (lane.IsFull)
            Hash(lane);
        return slot;
    }

    /// <summary>Adds HMAC-SHA256 (RFC 2104).</summary>
    /// <param name="key">At most 64 bytes.</param>
    /// <inheritdoc cref="Add" path="/returns"/>
    public int AddHmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message)
    {
        var slot = Next();
        if (hmac is null || message.Length > LongestHmac || key.Length > Sha256.BlockSize)
        {
            results[slot] = HmacSha256.Hash(key, message);
            return slot;
        }
        var block = padded.AsSpan(0, Sha256.BlockSize);
        block.Clear();
        key.CopyTo(block);
        hmac.Put(block, 0, slot, advance: false);
        message.CopyTo(padded);
        Pad(message.Length, Sha256.BlockSize + message.Length);
        hmac.Put(block, 1, slot);
        if (hmac.IsFull)
            HashHmac(hmac);
        return slot;
    }

    /// <summary>Hashes what was added and wasn't yet.</summary>
    public void Run()
    {
        foreach (var lane in lanes)
            if (lane.Used > 0)
                Hash(lane);
        if (hmac is { Used: > 0 })
            HashHmac(hmac);
    }

    /// <summary>The digests, by where they are; valid after <see cref="Run"/> and until the next addition.</summary>
    public ReadOnlySpan<Digest> Digests => results.AsSpan(0, count);

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        count = 0;
        foreach (var lane in lanes)
            lane.Used = 0;
        if (hmac is not null)
            hmac.Used = 0;
    }

    private int Next()
    {
        if (count == results.Length)
            Array.Resize(ref results, 2 * count);
        return count++;
    }

    /// <summary>Pads (FIPS 180-4 §5.1.1) what stands at the front of the buffer.</summary>
    /// <param name="size">How much that is.</param>
    /// <param name="length">The message's length, with what was hashed before it.</param>
    private int Pad(int size, int length)
    {
        var blocks = (size + 9 + Sha256.BlockSize - 1) / Sha256.BlockSize;
        var end = blocks * Sha256.BlockSize;
        padded.AsSpan(size, end - size).Clear();
        padded[size] = 0x80;
        BinaryPrimitives.WriteUInt32BigEndian(padded.AsSpan(end - 4), (uint)length * 8);
        return blocks;
    }

    private void Hash(Lane lane)
    {
        Span<Vector512<uint>> state = stackalloc Vector512<uint>[8];
        Sha256Lanes.Begin(state);
        for (var block = 0; block < lane.Blocks; block++)
            Sha256Lanes.Compress(state, lane.Block(block));
        Store(state, lane);
    }

    private void HashHmac(Lane lane)
    {
        Span<Vector512<uint>> inner = stackalloc Vector512<uint>[8];
        Span<Vector512<uint>> outer = stackalloc Vector512<uint>[8];
        Span<Vector512<uint>> pad = stackalloc Vector512<uint>[16];
        Xor(lane.Block(0), 0x5c5c5c5c, pad);
        Sha256Lanes.Begin(outer);
        Sha256Lanes.Compress(outer, pad);
        Xor(lane.Block(0), 0x36363636, pad);
        Sha256Lanes.Begin(inner);
        Sha256Lanes.Compress(inner, pad);
        Sha256Lanes.Compress(inner, lane.Block(1));
        // The inner digests are the outer message, in the lanes already.
        inner.CopyTo(pad);
        pad[8] = Vector512.Create(0x80000000);
        pad[9..15].Clear();
        pad[15] = Vector512.Create((uint)(Sha256.BlockSize + Digest.Size) * 8);
        Sha256Lanes.Compress(outer, pad);
        Store(outer, lane);
    }

    private static void Xor(ReadOnlySpan<Vector512<uint>> block, uint with, Span<Vector512<uint>> result)
    {
        for (var i = 0; i < block.Length; i++)
            result[i] = block[i] ^ Vector512.Create(with);
    }

    private void Store(ReadOnlySpan<Vector512<uint>> state, Lane lane)
    {
        var words = MemoryMarshal.Cast<Vector512<uint>, uint>(state);
        for (var n = 0; n < lane.Used; n++)
        {
            var digest = MemoryMarshal.AsBytes(results.AsSpan(lane.Slots[n], 1));
            for (var i = 0; i < 8; i++)
                BinaryPrimitives.WriteUInt32BigEndian(digest[(4 * i)..], words[(i * Sha256Lanes.Count) + n]);
        }
        lane.Used = 0;
    }

    /// <summary>Up to sixteen messages of as many blocks, word by word beside each other.</summary>
    private sealed class Lane(int blocks)
    {
        private readonly uint[] words = GC.AllocateArray<uint>(blocks * Sha256Lanes.WordsOfBlock);

        public int Blocks => blocks;

        public int[] Slots { get; } = new int[Sha256Lanes.Count];

        public int Used { get; set; }

        public bool IsFull => Used == Sha256Lanes.Count;

        public Span<Vector512<uint>> Block(int block) =>
            MemoryMarshal.Cast<uint, Vector512<uint>>(words.AsSpan(block * Sha256Lanes.WordsOfBlock, Sha256Lanes.WordsOfBlock));

        public void Put(ReadOnlySpan<byte> message, int block, int slot, bool advance = true)
        {
            var from = MemoryMarshal.Cast<byte, uint>(message);
            var to = words.AsSpan((block * Sha256Lanes.WordsOfBlock) + Used);
            for (var i = 0; i < from.Length; i++)
                to[i * Sha256Lanes.Count] = BinaryPrimitives.ReverseEndianness(from[i]);
            Slots[Used] = slot;
            if (advance)
                Used++;
        }
    }
}
