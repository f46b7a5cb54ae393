namespace Vouchsafe.Transparency.Checkpoints;

/// <summary>Base64 with padding that has but one spelling (RFC 4648 §3.5): no white space, no stray bits.</summary>
internal static class CanonicalBase64
{
    /// <summary>The bytes, or null where the text is not the one encoding of at most <paramref name="most"/> bytes.</summary>
    public static byte[]? TryDecode(string text, int most)
    {
        if (text.Length > (most + 2) / 3 * 4)
            return null;
        var bytes = new byte[(text.Length + 3) / 4 * 3];
        return Convert.TryFromBase64String(text, bytes, out var written) && written <= most
            && Convert.ToBase64String(bytes, 0, written) == text
            ? bytes[..written]
            : null;
    }
}
