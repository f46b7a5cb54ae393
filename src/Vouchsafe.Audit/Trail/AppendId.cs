using System.Buffers.Binary;

namespace Vouchsafe.Audit.Trail;

/// <summary>
/// Names up to 256 entries that were appended together: a UUID version 7 whose last byte is zero. The id of an entry is
/// the same with its position in the last byte.
/// </summary>
internal readonly record struct AppendId
{
    public const int MostEntries = 256;

    /// <exception cref="ArgumentException">The last byte isn't zero.</exception>
    public AppendId(Guid value) =>
        Value = Last(value) == 0 ? value : throw new ArgumentException("An append's id ends in a zero byte.", nameof(value));

    public Guid Value { get; }

    /// <summary>When it was made, by the clock of the node: milliseconds since 1970.</summary>
    public long Milliseconds
    {
        get
        {
            Span<byte> bytes = stackalloc byte[16];
            Value.TryWriteBytes(bytes, bigEndian: true, out _);
            return BinaryPrimitives.ReadInt64BigEndian(bytes) >>> 16;
        }
    }

    /// <summary>A new one, at the time (RFC 9562, section 5.7).</summary>
    public static AppendId At(DateTimeOffset now)
    {
        Span<byte> bytes = stackalloc byte[16];
        Guid.CreateVersion7(now).TryWriteBytes(bytes, bigEndian: true, out _);
        bytes[15] = 0;
        return new AppendId(new Guid(bytes, bigEndian: true));
    }

    /// <summary>As <see cref="At(DateTimeOffset)"/>, with the tick of a clock that never says the same twice in the 12 bits after the time.</summary>
    public static AppendId At(AppendClock clock, DateTimeOffset now)
    {
        var tick = clock.Next(now);
        Span<byte> bytes = stackalloc byte[16];
        Guid.CreateVersion7(DateTimeOffset.FromUnixTimeMilliseconds(tick >> 12)).TryWriteBytes(bytes, bigEndian: true, out _);
        bytes[6] = (byte)(0x70 | ((tick >> 8) & 0x0F));
        bytes[7] = (byte)tick;
        bytes[15] = 0;
        return new AppendId(new Guid(bytes, bigEndian: true));
    }

    public static AppendId Of(Guid entry)
    {
        Span<byte> bytes = stackalloc byte[16];
        entry.TryWriteBytes(bytes, bigEndian: true, out _);
        bytes[15] = 0;
        return new AppendId(new Guid(bytes, bigEndian: true));
    }

    public static int PositionOf(Guid entry) => Last(entry);

    public Guid Entry(int position)
    {
        Span<byte> bytes = stackalloc byte[16];
        Value.TryWriteBytes(bytes, bigEndian: true, out _);
        bytes[15] = checked((byte)position);
        return new Guid(bytes, bigEndian: true);
    }

    private static byte Last(Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        return bytes[15];
    }
}
