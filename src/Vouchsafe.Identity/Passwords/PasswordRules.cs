using System.Collections.Frozen;
using System.Text;
using Vouchsafe.Hosting.Problems;

namespace Vouchsafe.Identity.Passwords;

/// <summary>What any password must be to be worth hashing (NIST SP 800-63B, section 3.1.1.2): long enough, and none of the commonest.</summary>
public static class PasswordRules
{
    /// <summary>In Unicode code points, after normalisation.</summary>
    public const int Shortest = 8;

    /// <summary>In UTF-16 code units as typed: what costs more to normalise than it can be worth is refused before.</summary>
    internal const int Longest = 1024;

    /// <summary>The code of a password that many people have.</summary>
    internal const string TooCommon = "too-common";

    private const string Wanted = "8 to 1024 characters, not blanks alone, and none of the most common passwords.";

    private static readonly Lazy<FrozenSet<string>> Commonest = new(Read);

    /// <summary>Why the password can't be chosen; null where it can.</summary>
    public static FieldProblem? ProblemOf(string password) => CodeOf(password) is { } code ? new FieldProblem(code, Wanted) : null;

    internal static bool Accepts(string password) => CodeOf(password) is null;

    private static string? CodeOf(string password)
    {
        if (password.Length == 0) return FieldCode.Required;
        if (password.Length > Longest) return FieldCode.TooLong;
        var text = Normalise(password);
        if (text.EnumerateRunes().Count() < Shortest) return FieldCode.TooShort;
        if (!text.EnumerateRunes().Any(rune => !Rune.IsWhiteSpace(rune) && !Rune.IsControl(rune))) return FieldCode.Form;
        return Commonest.Value.Contains(text.Trim().ToLowerInvariant()) ? TooCommon : null;
    }

    /// <summary>The password as it is hashed: NFKC, so that one keyboard's ä is another's. Text that isn't Unicode stays as it is.</summary>
    internal static string Normalise(string password)
    {
        try
        {
            return password.Normalize(NormalizationForm.FormKC);
        }
        catch (ArgumentException)
        {
            return password; // a lone surrogate
        }
    }

    private static FrozenSet<string> Read()
    {
        using var stream = typeof(PasswordRules).Assembly.GetManifestResourceStream("common-passwords.txt")!;
        using var lines = new StreamReader(stream, Encoding.UTF8);
        return lines.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
    }
}
