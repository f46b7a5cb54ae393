using System.Text;
using System.Text.RegularExpressions;

namespace Vouchsafe.Audit.Checks;

/// <summary>Finds what reads like an identifier among bytes.</summary>
/// <remarks>
/// Hashes and ciphertext are random: the patterns are long enough that a match by chance in an entry is rarer than one in 10^8.
/// </remarks>
internal static partial class IdentifierText
{
    /// <summary>The kind of the first identifier among the bytes, or null.</summary>
    public static string? Find(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.Latin1.GetString(bytes);
        return Mail().IsMatch(text) ? "a mail address"
            : Network().IsMatch(text) ? "a network address"
            : Telephone().IsMatch(text) ? "a telephone number"
            : null;
    }

    /// <summary>How a value may lie among bytes without being sealed.</summary>
    public static IReadOnlyList<byte[]> Spellings(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        return
        [
            bytes,
            Encoding.Unicode.GetBytes(value),
            Encoding.ASCII.GetBytes(Convert.ToHexStringLower(bytes)),
            Encoding.ASCII.GetBytes(Convert.ToBase64String(bytes).TrimEnd('=')[..^1]),
        ];
    }

    [GeneratedRegex(@"[A-Za-z0-9._%+\-]{3,64}@[A-Za-z0-9\-]{3,64}(\.[A-Za-z0-9\-]{2,}){0,5}\.[A-Za-z]{2,}", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Mail();

    [GeneratedRegex(@"(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(\.(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])){3}", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Network();

    [GeneratedRegex(@"\+[1-9][0-9]{7,14}", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Telephone();
}
