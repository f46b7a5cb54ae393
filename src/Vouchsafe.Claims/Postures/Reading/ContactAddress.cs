using System.Text.RegularExpressions;

namespace Vouchsafe.Claims.Postures.Reading;

/// <summary>Where a company can be reached: an e-mail address (the dot-atom form of RFC 5322, section 3.4.1, at a domain with a dot) or an https address.</summary>
internal static partial class ContactAddress
{
    private const int LongestLocalPart = 64;

    public static bool IsValid(string text) => text.Contains("://", StringComparison.Ordinal) ? IsHttps(text) : IsEmail(text);

    private static bool IsHttps(string text) =>
        !text.Any(char.IsWhiteSpace) && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.UserInfo.Length == 0
            && uri.Host.Contains('.', StringComparison.Ordinal);

    private static bool IsEmail(string text) => text.IndexOf('@', StringComparison.Ordinal) <= LongestLocalPart && Email().IsMatch(text);

    [GeneratedRegex(
        @"\A[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]\z",
        RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 250)]
    private static partial Regex Email();
}
