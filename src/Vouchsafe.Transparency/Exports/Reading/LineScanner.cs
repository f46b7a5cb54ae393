using System.Buffers;
using System.Buffers.Text;

namespace Vouchsafe.Transparency.Exports.Reading;

/// <summary>
/// Reads one line of an export, which has one spelling: literals are compared, not parsed. Whatever deviates leaves the
/// scanner failed, and it stays so; nothing throws.
/// </summary>
internal ref struct LineScanner(ReadOnlySpan<byte> line)
{
    private static readonly SearchValues<byte> Special = SearchValues.Create([.. Enumerable.Range(0, 32).Select(i => (byte)i), (byte)'"', (byte)'\\']);

    private ReadOnlySpan<byte> rest = line;

    public bool Failed { get; private set; }

    /// <summary>What wasn't read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => rest;

    /// <summary>Whether all of the line was read, and nothing failed.</summary>
    public readonly bool Done => !Failed && rest.IsEmpty;

    /// <summary>Takes the literal, or fails.</summary>
    public void Expect(ReadOnlySpan<byte> literal)
    {
        if (!TryTake(literal))
            Failed = true;
    }

    public bool TryTake(ReadOnlySpan<byte> literal)
    {
        if (!rest.StartsWith(literal))
            return false;
        rest = rest[literal.Length..];
        return true;
    }

    /// <summary>A number of at most 18 digits, without sign and leading zeros.</summary>
    public long Number()
    {
        var value = 0L;
        var digits = 0;
        while (digits < rest.Length && digits < 18 && rest[digits] is >= (byte)'0' and <= (byte)'9')
            value = (value * 10) + (rest[digits++] - '0');
        if (digits == 0 || (digits > 1 && rest[0] == '0'))
            Failed = true;
        rest = rest[digits..];
        return value;
    }

    /// <summary>Up to the closing quote, which is taken too; the text must need no escape.</summary>
    public ReadOnlySpan<byte> Plain()
    {
        var end = rest.IndexOf((byte)'"');
        if (end < 0)
        {
            Failed = true;
            return default;
        }
        var text = rest[..end];
        rest = rest[(end + 1)..];
        return text;
    }

    /// <summary>A text up to its closing quote, with escapes resolved into the buffer; returns its length, or 0 where it fails.</summary>
    public int Text(scoped Span<byte> buffer)
    {
        var size = 0;
        while (true)
        {
            var end = rest.IndexOfAny(Special);
            if (end < 0 || end > buffer.Length - size)
                return Fail();
            rest[..end].CopyTo(buffer[size..]);
            size += end;
            var special = rest[end];
            rest = rest[(end + 1)..];
            if (special == '"')
                return size;
            if (special != '\\' || size == buffer.Length || Escape() is not (>= 0 and var one))
                return Fail();
            buffer[size++] = (byte)one;
        }
    }

    /// <summary>What stands behind a backslash: a quote, a backslash, or <c>u00</c> and two lower-case digits of a control character.</summary>
    private int Escape()
    {
        if (TryTake("\""u8)) return '"';
        if (TryTake("\\"u8)) return '\\';
        if (!TryTake("u00"u8) || rest.Length < 2) return -1;
        var code = (HexDigits.Of(rest[0]) << 4) | HexDigits.Of(rest[1]);
        rest = rest[2..];
        return code is >= 0 and < 32 ? code : -1;
    }

    /// <summary>Base64 up to the closing quote, in its one spelling.</summary>
    /// <param name="buffer">Room for what is expected; what needs more gets room of its own.</param>
    public ReadOnlySpan<byte> Base64Bytes(Span<byte> buffer)
    {
        var text = Plain();
        var room = text.Length / 4 * 3;
        var bytes = room <= buffer.Length ? buffer : new byte[room];
        if (Failed || text.Length % 4 != 0 || Base64.DecodeFromUtf8(text, bytes, out _, out var size) != OperationStatus.Done || (size + 2) / 3 * 4 != text.Length)
        {
            Failed = true;
            return default;
        }
        if (size % 3 == 0)
            return bytes[..size];
        // The framework's decoder passes over stray bits in the last group.
        Span<byte> again = stackalloc byte[4];
        Base64.EncodeToUtf8(bytes[(size - (size % 3))..size], again, out _, out _);
        Failed |= !again.SequenceEqual(text[^4..]);
        return bytes[..size];
    }

    /// <summary>As many bytes as the buffer holds, in lower-case hex, and the closing quote.</summary>
    public void Hex(scoped Span<byte> buffer)
    {
        var size = 2 * buffer.Length;
        if (rest.Length <= size || rest[size] != '"' || !HexDigits.TryDecode(rest[..size], buffer))
        {
            Failed = true;
            return;
        }
        rest = rest[(size + 1)..];
    }

    public int Fail()
    {
        Failed = true;
        return 0;
    }
}
