namespace Vouchsafe.Identity.Passwords;

/// <summary>What any password must be to be worth hashing; complexity and breach lists are a control of their own.</summary>
internal static class PasswordRules
{
    /// <summary>NIST SP 800-63B §5.1.1.2: at least eight characters.</summary>
    public const int Shortest = 8;

    public const int Longest = 1024;

    public const string Wanted = "8 to 1024 characters.";

    public static bool Accepts(string password) => password.Length is >= Shortest and <= Longest;
}
