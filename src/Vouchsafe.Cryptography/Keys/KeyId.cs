using System.Buffers.Binary;

namespace Vouchsafe.Cryptography.Keys;

/// <summary>Eight bytes that name a key.</summary>
public readonly record struct KeyId(ulong Value)
{
    public const int Size = 8;

    public static KeyId From(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt64BigEndian(bytes));

    public void CopyTo(Span<byte> destination) => BinaryPrimitives.WriteUInt64BigEndian(destination, Value);

    public override string ToString() => Value.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
}
