using System.Collections.Frozen;
using System.Text;

namespace Vouchsafe.Identity.Passwords;

/// <summary>What any password must be to be worth hashing (NIST SP 800-63B, section 3.1.1.2): long enough, and none of the commonest.</summary>
internal static class PasswordRules
{
    /// <summary>In Unicode code points, after normalisation.</summary>
    public const int Shortest = 8;

    /// <summary>In UTF-16 code units as typed: what costs more to normalise than it can be worth is refused before.</summary>
    public const int Longest = 1024;

    public const string Wanted = "8 to 1024 characters, not blanks alone, and none of the commonest passwords.";

    private static readonly Lazy<FrozenSet<string>> Commonest = new(Read);

    public static bool Accepts(string password)
    {
        if (password.Length > Longest) return false;
        var text = Normalise(password);
        return text.EnumerateRunes().Count() >= Shortest
            && text.EnumerateRunes().Any(rune => !Rune.IsWhiteSpace(rune) && !Rune.IsControl(rune))
            && !Commonest.Value.Contains(text.Trim().ToLowerInvariant());
    }

    /// <summary>The password as it is hashed: NFKC, so that one keyboard's ä is another's. Text that isn't Unicode stays as it is.</summary>
    public static string Normalise(string password)
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
