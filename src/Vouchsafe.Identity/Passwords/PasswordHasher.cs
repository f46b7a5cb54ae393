using Vouchsafe.Cryptography.Passwords;

namespace Vouchsafe.Identity.Passwords;

/// <summary>Hashes and verifies passwords. A refusal costs the same whether there is no account, or the password is wrong, or the hash is of weaker days.</summary>
internal class PasswordHasher(PasswordOptions options)
{
    public string Hash(string password)
    {
        PasswordWork.Add(options.Figures.Iterations);
        return PasswordHash.Create(PasswordRules.Normalise(password), options.Figures).ToString();
    }

    /// <param name="password">As it was typed.</param>
    /// <param name="stored">The account's hash; null where there is no account: the decoy is verified then, and the answer is no.</param>
    public virtual PasswordVerdict Verify(string password, string? stored)
    {
        var hash = stored is null ? options.Decoy : PasswordHash.Parse(stored);
        PasswordWork.Add(hash.Iterations);
        var right = hash.Verify(PasswordRules.Normalise(password)) && stored is not null;
        if (right)
            return hash.NeedsRehash(options.Figures) ? PasswordVerdict.RightButWeak : PasswordVerdict.Right;
        if (stored is not null) MakeUp(password, options.Figures.Iterations - hash.Iterations);
        return PasswordVerdict.Wrong;
    }

    /// <summary>Does what a weaker hash left undone, where its right password is refused for another reason.</summary>
    public void MakeUp(string password, string stored) => MakeUp(password, options.Figures.Iterations - PasswordHash.Parse(stored).Iterations);

    /// <summary>What a weaker hash has left undone, or its account could be told by the clock.</summary>
    private void MakeUp(string password, int iterations)
    {
        if (iterations <= 0) return;
        PasswordWork.Add(iterations);
        _ = PasswordHash.Create(password, new PasswordHashOptions(iterations, options.Figures.SaltBytes, options.Figures.HashBytes));
    }
}

internal enum PasswordVerdict
{
    Wrong,
    Right,

    /// <summary>Right, and hashed with less than the posture asks for: to be hashed anew now that it is known.</summary>
    RightButWeak,
}
