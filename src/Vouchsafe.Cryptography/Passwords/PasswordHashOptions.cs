namespace Vouchsafe.Cryptography.Passwords;

/// <summary>What new password hashes are made with. The figures come from the posture.</summary>
public sealed record PasswordHashOptions
{
    /// <exception cref="ArgumentOutOfRangeException">A figure is outside what a hash may carry.</exception>
    public PasswordHashOptions(int iterations, int saltBytes, int hashBytes)
    {
        Iterations = Within(iterations, 1, PasswordHash.MostIterations, nameof(iterations));
        SaltBytes = Within(saltBytes, PasswordHash.ShortestSalt, PasswordHash.LongestPart, nameof(saltBytes));
        HashBytes = Within(hashBytes, PasswordHash.ShortestHash, PasswordHash.LongestPart, nameof(hashBytes));
    }

    public int Iterations { get; }

    public int SaltBytes { get; }

    public int HashBytes { get; }

    private static int Within(int value, int least, int most, string name) =>
        value >= least && value <= most ? value : throw new ArgumentOutOfRangeException(name, value, $"{least} to {most}.");
}
