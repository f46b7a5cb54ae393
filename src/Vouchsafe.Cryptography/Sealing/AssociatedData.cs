using System.Buffers.Binary;
using System.Text;

namespace Vouchsafe.Cryptography.Sealing;

/// <summary>
/// What a sealed value is bound to, as parts that each carry their length, so that no two lists of parts read the same:
/// format, tenant, table, column, primary key, version.
/// </summary>
public sealed class AssociatedData
{
    private byte[] buffer = new byte[256];
    private int length;

    /// <param name="format">What is sealed and in which version; a constant.</param>
    public AssociatedData(string format) => Add(format);

    public ReadOnlySpan<byte> Bytes => buffer.AsSpan(0, length);

    public AssociatedData Add(ReadOnlySpan<byte> part)
    {
        part.CopyTo(Reserve(part.Length));
        return this;
    }

    public AssociatedData Add(string part)
    {
        Encoding.UTF8.GetBytes(part, Reserve(Encoding.UTF8.GetByteCount(part)));
        return this;
    }

    /// <summary>Adds the id's 16 bytes in the order in which it is written.</summary>
    public AssociatedData Add(Guid part)
    {
        part.TryWriteBytes(Reserve(16), bigEndian: true, out _);
        return this;
    }

    public AssociatedData Add(long part)
    {
        BinaryPrimitives.WriteInt64BigEndian(Reserve(8), part);
        return this;
    }

    private Span<byte> Reserve(int size)
    {
        if (buffer.Length - length < size + 4)
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, length + size + 4));
        BinaryPrimitives.WriteInt32BigEndian(buffer.AsSpan(length), size);
        var part = buffer.AsSpan(length + 4, size);
        length += 4 + size;
        return part;
    }
}
