using System.Buffers;
using System.Buffers.Text;

namespace Vouchsafe.Identity.Tokens;

/// <summary>base64url without padding (RFC 4648 §5), one text for one value: no blanks, no padding, no stray bits.</summary>
internal static class Base64UrlText
{
    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    public static byte[]? Decode(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_')) return null;
        var buffer = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (Base64Url.DecodeFromChars(text, buffer, out var read, out var written) != OperationStatus.Done || read != text.Length) return null;
        var bytes = buffer[..written];
        // The last character's unused bits are free to a lenient reader; here they make another token of the same value.
        return Base64Url.EncodeToString(bytes).AsSpan().SequenceEqual(text) ? bytes : null;
    }
}
