using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Vouchsafe.Cryptography.Hashing;

/// <summary>A SHA-256 digest: 32 bytes, by value. <c>default</c> is 32 zero bytes, which no known input hashes to.</summary>
[InlineArray(Size)]
public struct Digest : IEquatable<Digest>
{
    public const int Size = 32;

    private byte first;

    /// <exception cref="ArgumentException">The bytes are not 32.</exception>
    public static Digest From(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
            throw new ArgumentException($"A digest has {Size} bytes, not {bytes.Length}.", nameof(bytes));
        return MemoryMarshal.Read<Digest>(bytes);
    }

    /// <summary>The digests that stand one after the other in <paramref name="bytes"/>.</summary>
    /// <exception cref="ArgumentException">The length is no multiple of 32.</exception>
    public static ReadOnlySpan<Digest> Cast(ReadOnlySpan<byte> bytes) =>
        bytes.Length % Size == 0
            ? MemoryMarshal.Cast<byte, Digest>(bytes)
            : throw new ArgumentException($"{bytes.Length} bytes are no whole number of digests.", nameof(bytes));

    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Bytes => MemoryMarshal.CreateReadOnlySpan(in first, Size);

    public readonly byte[] ToArray() => Bytes.ToArray();

    public readonly bool Equals(Digest other) => Bytes.SequenceEqual(other.Bytes);

    public override readonly bool Equals(object? obj) => obj is Digest other && Equals(other);

    public override readonly int GetHashCode() => MemoryMarshal.Read<int>(Bytes);

    public override readonly string ToString() => Convert.ToHexStringLower(Bytes);

    public static bool operator ==(Digest left, Digest right) => left.Equals(right);

    public static bool operator !=(Digest left, Digest right) => !left.Equals(right);
}
