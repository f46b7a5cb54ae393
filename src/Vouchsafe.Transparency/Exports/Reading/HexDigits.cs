using System.Buffers;

namespace Vouchsafe.Transparency.Exports.Reading;

/// <summary>Lower-case hex and no other.</summary>
internal static class HexDigits
{
    private static readonly int[] Values = [.. Enumerable.Range(0, 256).Select(i => "0123456789abcdef".IndexOf((char)i, StringComparison.Ordinal))];

    /// <summary>The digit's value, or −1.</summary>
    public static int Of(byte digit) => Values[digit];

    /// <summary>Two digits for each byte.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> bytes) =>
        !text.ContainsAnyInRange((byte)'A', (byte)'F') && Convert.FromHexString(text, bytes, out _, out var written) == OperationStatus.Done && written == bytes.Length;
}
