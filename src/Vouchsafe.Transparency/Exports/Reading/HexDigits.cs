namespace Vouchsafe.Transparency.Exports.Reading;

/// <summary>Lower-case hex and no other.</summary>
internal static class HexDigits
{
    private static readonly int[] Values = [.. Enumerable.Range(0, 256).Select(i => "0123456789abcdef".IndexOf((char)i, StringComparison.Ordinal))];

    /// <summary>The digit's value, or −1.</summary>
    public static int Of(byte digit) => Values[digit];

    public static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> bytes)
    {
        var all = 0;
        for (var i = 0; i < bytes.Length && (2 * i) + 1 < text.Length; i++)
        {
            var value = (Values[text[2 * i]] << 4) | Values[text[(2 * i) + 1]];
            bytes[i] = (byte)value;
            all |= value;
        }
        return all >= 0;
    }
}
