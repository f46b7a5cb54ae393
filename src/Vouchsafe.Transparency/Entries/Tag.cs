using System.Buffers.Binary;

namespace Vouchsafe.Transparency.Entries;

/// <summary>
/// A person's pseudonym in a log: 16 bytes of an HMAC under a key derived from the person's own. The same person has the same
/// tag in all entries of a tenant; when the key is destroyed, nobody can tell any more whose it was.
/// </summary>
public readonly record struct Tag(UInt128 Value)
{
    public const int Size = 16;

    public static Tag From(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128BigEndian(bytes));

    public void CopyTo(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, Value);

    public override string ToString() => Value.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);
}
