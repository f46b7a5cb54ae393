using System.Text;

namespace Vouchsafe.Mail.Messages;

/// <summary>Text in header fields: as it is where that is safe, else in encoded words (RFC 2047), folded.</summary>
internal static class HeaderText
{
    /// <summary>With a field name of up to ten characters, within the 76 of a line that holds encoded words (section 2).</summary>
    private const int MaxPlain = 64;

    /// <summary>In base64 and with its frame 64 characters.</summary>
    private const int BytesInWord = 39;

    /// <summary>For a field of free text, such as Subject.</summary>
    public static string Unstructured(string text) =>
        text.Length <= MaxPlain && text.All(character => character is >= ' ' and <= '~') && !text.Contains("=?", StringComparison.Ordinal) && text.Trim() == text
            ? text
            : EncodedWords(text);

    /// <summary>For a display name: quotes and specials have a meaning there, so only words of letters and digits stand as they are.</summary>
    public static string Phrase(string text) =>
        text.Length <= MaxPlain && text.All(character => char.IsAsciiLetterOrDigit(character) || character == ' ') && text.Trim() == text ? text : EncodedWords(text);

    private static string EncodedWords(string text)
    {
        var words = new List<string>();
        var word = new List<byte>(BytesInWord);
        Span<byte> encoded = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            // A character is never split between words (section 5).
            var length = rune.EncodeToUtf8(encoded);
            if (word.Count + length > BytesInWord)
            {
                words.Add(Word(word));
                word.Clear();
            }

            word.AddRange(encoded[..length]);
        }

        words.Add(Word(word));
        return string.Join("\r\n ", words);
    }

    private static string Word(List<byte> bytes) => $"=?utf-8?B?{Convert.ToBase64String([.. bytes])}?=";
}
