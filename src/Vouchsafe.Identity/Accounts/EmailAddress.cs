using System.Globalization;
using System.Text;
using Vouchsafe.Hosting.Problems;
using Vouchsafe.Mail;

namespace Vouchsafe.Identity.Accounts;

/// <summary>An e-mail address as accounts are known by: trimmed, composed (NFC), in lower case, its domain in ASCII.</summary>
/// <remarks>The form is checked as far as RFC 5321 §4.5.3.1 bounds it; whether mail arrives, only mail can tell.</remarks>
public readonly record struct EmailAddress
{
    public const int Longest = 254;
    private const int LongestLocalPart = 64;

    private EmailAddress(string value) => Value = value;

    public string Value { get; }

    /// <summary>Personal data: it doesn't print itself.</summary>
    public override string ToString() => "e-mail address";

    /// <summary>Why the text is no address; null where it is one.</summary>
    public static FieldProblem? ProblemOf(string? text) =>
        Parse(text) is not null ? null : new FieldProblem(string.IsNullOrWhiteSpace(text) ? FieldCode.Required : FieldCode.Form, "An e-mail address.");

    public static EmailAddress? Parse(string? text)
    {
        if (text is null || text.Length > 4 * Longest) return null;
        string value;
        try
        {
            value = text.Trim().Normalize(NormalizationForm.FormC).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return null; // a lone surrogate
        }
        var at = value.IndexOf('@', StringComparison.Ordinal);
        if (at < 1 || at != value.LastIndexOf('@') || at == value.Length - 1) return null;
        var local = value[..at];
        if (local.Any(character => char.IsWhiteSpace(character) || char.IsControl(character) || character is '"' or '(' or ')' or '<' or '>' or ',' or ';' or ':' or '\\' or '[' or ']')
            || local.StartsWith('.') || local.EndsWith('.') || local.Contains("..", StringComparison.Ordinal)
            || Encoding.UTF8.GetByteCount(local) > LongestLocalPart)
            return null;
        if (Domain(value[(at + 1)..]) is not { } domain) return null;
        var address = local + "@" + domain;
        // What no mail can be addressed to is nobody's account.
        return Encoding.UTF8.GetByteCount(address) <= Longest && MailMessage.IsAddress(address) ? new EmailAddress(address) : null;
    }

    private static string? Domain(string text)
    {
        try
        {
            var ascii = new IdnMapping { UseStd3AsciiRules = true }.GetAscii(text).ToLowerInvariant();
            return ascii.EndsWith('.') ? null : ascii;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
