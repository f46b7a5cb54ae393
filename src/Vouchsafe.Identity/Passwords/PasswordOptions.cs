using Vouchsafe.Claims.Postures;
using Vouchsafe.Cryptography.Passwords;

namespace Vouchsafe.Identity.Passwords;

/// <summary>With what passwords are hashed, from the posture's control <c>passwords.pbkdf2</c>.</summary>
internal sealed class PasswordOptions
{
    public const string Control = "passwords.pbkdf2";

    public PasswordOptions(PasswordHashOptions figures)
    {
        Figures = figures;
        // Nobody knows the password of this hash: it is what an address without an account is verified against.
        Decoy = PasswordHash.Create(Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)), figures);
    }

    public PasswordHashOptions Figures { get; internal set; }

    public PasswordHash Decoy { get; internal set; }

    public static PasswordOptions From(Posture posture)
    {
        var figures = posture.Figures(Control);
        return new PasswordOptions(new PasswordHashOptions((int)figures.Integer("iterations"), (int)figures.Integer("salt-bytes"), (int)figures.Integer("hash-bytes")));
    }
}
