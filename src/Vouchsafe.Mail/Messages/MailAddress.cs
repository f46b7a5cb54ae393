using System.Globalization;
using System.Text;

namespace Vouchsafe.Mail.Messages;

/// <summary>One mailbox, as RFC 5321, section 4.1.2 writes it: a dot-string before the at sign, a host name after it.</summary>
/// <remarks>
/// Quoted local parts and address literals are refused: nobody has them, and they are where injections hide. A domain in
/// another script is written in ASCII (RFC 5890); a local part in one needs a server with SMTPUTF8 (RFC 6531).
/// </remarks>
internal readonly record struct MailAddress
{
    private const int MaxAddress = 254;
    private const int MaxLocalPart = 64;

    private MailAddress(string local, string domain) => (Local, Domain) = (local, domain);

    public string Local { get; }

    /// <summary>In ASCII and lower case.</summary>
    public string Domain { get; }

    public string Value => Local + "@" + Domain;

    /// <summary>Whether a server must know SMTPUTF8 to take it.</summary>
    public bool NeedsUtf8 => !Ascii.IsValid(Local);

    /// <summary>Personal data: it doesn't print itself.</summary>
    public override string ToString() => "mail address";

    public static bool IsAddress(string? text)
    {
        try
        {
            Parse(text);
            return true;
        }
        catch (InvalidMailException)
        {
            return false;
        }
    }

    /// <exception cref="InvalidMailException">No address that this writes into a mail.</exception>
    public static MailAddress Parse(string? text)
    {
        if (text is null || text.Length > 4 * MaxAddress)
            throw Refused();
        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (at < 1 || at != text.LastIndexOf('@'))
            throw Refused();
        var local = text[..at];
        var domain = DomainOf(text[(at + 1)..]);
        if (!IsDotString(local) || Encoding.UTF8.GetByteCount(local) > MaxLocalPart || Encoding.UTF8.GetByteCount(local) + 1 + domain.Length > MaxAddress)
            throw Refused();
        return new MailAddress(local, domain);
    }

    private static bool IsDotString(string local) =>
        !local.StartsWith('.') && !local.EndsWith('.') && !local.Contains("..", StringComparison.Ordinal)
        && local.EnumerateRunes().All(rune => rune.Value == '.' || IsAtomText(rune));

    /// <summary>atext of RFC 5322, section 3.2.3, and beyond ASCII letters, marks, digits and symbols: nothing that doesn't show.</summary>
    private static bool IsAtomText(Rune rune)
    {
        if (rune.IsAscii)
            return Rune.IsLetterOrDigit(rune) || "!#$%&'*+-/=?^_`{|}~".Contains((char)rune.Value, StringComparison.Ordinal);
        return rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate);
    }

    private static string DomainOf(string text)
    {
        try
        {
            var ascii = new IdnMapping { UseStd3AsciiRules = true }.GetAscii(text).ToLowerInvariant();
            return ascii.EndsWith('.') || !Ascii.IsValid(ascii) ? throw Refused() : ascii;
        }
        catch (ArgumentException)
        {
            throw Refused();
        }
    }

    private static InvalidMailException Refused() =>
        new("An address is name@host: one at sign, no quotes, no spaces, no line ends, no control characters, 254 bytes at most.");
}
