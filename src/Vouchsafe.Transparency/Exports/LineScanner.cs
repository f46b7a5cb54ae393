using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace Vouchsafe.Transparency.Exports;

/// <summary>
/// Reads one line of an export, which stands in one fixed layout: literals are compared, not parsed. Whatever deviates leaves the
/// scanner failed, and it stays so; nothing throws.
/// </summary>
internal ref struct LineScanner(ReadOnlySpan<byte> line)
{
    private static readonly SearchValues<byte> Special = SearchValues.Create([.. Enumerable.Range(0, 32).Select(i => (byte)i), (byte)'"', (byte)'\\']);

    private ReadOnlySpan<byte> rest = line;

    public bool Failed { get; private set; }

    public readonly bool AtEnd => !Failed && rest.IsEmpty;

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

    /// <summary>A number without sign and leading zeros.</summary>
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
        var end = rest.IndexOfAny(Special);
        if (end < 0 || rest[end] != '"')
        {
            Failed = true;
            return default;
        }
        var text = rest[..end];
        rest = rest[(end + 1)..];
        return text;
    }

    /// <summary>As <see cref="Plain"/>, with escapes resolved into the buffer; returns the length, or −1.</summary>
    public int Text(Span<byte> buffer)
    {
        var end = rest.IndexOfAny(Special);
        if (end >= 0 && rest[end] == '"')
        {
            if (end > buffer.Length)
                return Fail();
            rest[..end].CopyTo(buffer);
            rest = rest[(end + 1)..];
            return end;
        }
        return Unescape(buffer);
    }

    private int Unescape(Span<byte> buffer)
    {
        var at = 0;
        while (at < rest.Length && rest[at] != '"')
            at += rest[at] == '\\' ? 2 : 1;
        if (at >= rest.Length)
            return Fail();
        byte[] quoted = [(byte)'"', .. rest[..at], (byte)'"'];
        rest = rest[(at + 1)..];
        try
        {
            var reader = new Utf8JsonReader(quoted);
            reader.Read();
            if (quoted.Length - 2 > buffer.Length * 6)
                return Fail();
            var text = new byte[quoted.Length];
            var size = reader.CopyString(text);
            if (size > buffer.Length)
                return Fail();
            text.AsSpan(0, size).CopyTo(buffer);
            return size;
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or ArgumentException)
        {
            return Fail();
        }
    }

    /// <summary>Base64 up to the closing quote; returns how many bytes, or −1.</summary>
    public int Bytes64(Span<byte> buffer)
    {
        var text = Plain();
        return !Failed && Base64.DecodeFromUtf8(text, buffer, out _, out var written) == OperationStatus.Done ? written : Fail();
    }

    /// <summary>Exactly as many bytes in hex as the buffer holds.</summary>
    public void Hex(Span<byte> buffer)
    {
        var size = 2 * buffer.Length;
        if (rest.Length <= size || rest[size] != '"'
            || Convert.FromHexString(rest[..size], buffer, out _, out _) != OperationStatus.Done)
        {
            Failed = true;
            return;
        }
        rest = rest[(size + 1)..];
    }

    private int Fail()
    {
        Failed = true;
        return -1;
    }
}
