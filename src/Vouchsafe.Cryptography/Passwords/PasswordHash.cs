using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Vouchsafe.Cryptography.Passwords;

/// <summary>
/// A password hash: PBKDF2-HMAC-SHA256 (RFC 8018 §5.2), written <c>$pbkdf2-sha256$i=100000$salt$hash</c> with salt and hash
/// in base64 without padding (the PHC string format).
/// </summary>
public sealed class PasswordHash
{
    public const int MostIterations = 10_000_000;
    public const int ShortestSalt = 8;
    public const int ShortestHash = 16;
    public const int LongestPart = 64;

    private const int LongestText = 256;
    private const string Scheme = "pbkdf2-sha256";

    private readonly byte[] salt;
    private readonly byte[] hash;

    private PasswordHash(int iterations, byte[] salt, byte[] hash)
    {
        Iterations = iterations;
        this.salt = salt;
        this.hash = hash;
    }

    public int Iterations { get; }

    public int SaltBytes => salt.Length;

    public int HashBytes => hash.Length;

    public static PasswordHash Create(string password, PasswordHashOptions options)
    {
        var salt = RandomNumberGenerator.GetBytes(options.SaltBytes);
        return new PasswordHash(options.Iterations, salt, Derive(Encoding.UTF8.GetBytes(password), salt, options.Iterations, options.HashBytes));
    }

    /// <exception cref="FormatException">Not such a hash, or with figures out of bounds. The text is not repeated in the message.</exception>
    public static PasswordHash Parse(string text)
    {
        if (text.Length <= LongestText && text.Split('$') is ["", Scheme, ['i', '=', .. var figure], var saltText, var hashText]
            && int.TryParse(figure, NumberStyles.None, CultureInfo.InvariantCulture, out var iterations) && figure[0] != '0'
            && iterations <= MostIterations
            && Decode(saltText) is { Length: >= ShortestSalt and <= LongestPart } salt
            && Decode(hashText) is { Length: >= ShortestHash and <= LongestPart } hash)
            return new PasswordHash(iterations, salt, hash);
        throw new FormatException("Not a pbkdf2-sha256 password hash.");
    }

    /// <summary>Whether this is the password; takes the same time whether or not it is.</summary>
    public bool Verify(string password)
    {
        var candidate = Derive(Encoding.UTF8.GetBytes(password), salt, Iterations, hash.Length);
        return CryptographicOperations.FixedTimeEquals(candidate, hash);
    }

    /// <summary>Whether a hash made today would be stronger in any figure: to be made anew at the next sign-in.</summary>
    public bool NeedsRehash(PasswordHashOptions options) =>
        Iterations < options.Iterations || salt.Length < options.SaltBytes || hash.Length < options.HashBytes;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"${Scheme}$i={Iterations}${Encode(salt)}${Encode(hash)}");

    internal static byte[] Derive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int iterations, int size) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, size);

    private static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private static byte[]? Decode(string text)
    {
        Span<byte> bytes = stackalloc byte[LongestText];
        return Convert.TryFromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='), bytes, out var written)
            && Encode(bytes[..written].ToArray()) == text
            ? bytes[..written].ToArray()
            : null;
    }
}
