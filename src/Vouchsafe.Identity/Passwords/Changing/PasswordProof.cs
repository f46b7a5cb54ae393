using System.Net;
using Microsoft.AspNetCore.Http;
using Vouchsafe.Hosting.Accounts;
using Vouchsafe.Hosting.Problems;
using Vouchsafe.Identity.Accounts;
using Vouchsafe.Identity.Attempts;

namespace Vouchsafe.Identity.Passwords.Changing;

/// <summary>Asks somebody who is signed in for their password again, within a limit of its own: a session that was left open is no way to guess, and nobody without one uses the limit up.</summary>
internal sealed class PasswordProof(AccountStore accounts, PasswordHasher passwords, PasswordAttempts attempts, GuessLog guesses, EmailVault vault) : IPasswordProof
{
    public async Task<ReauthenticationResult> ProveAsync(Guid user, string password, IPAddress from, CancellationToken cancellationToken) =>
        (await ProveAsync(user, password, from, "reauthentication.refused", cancellationToken)).Result;

    public IResult Refusal(HttpContext context, ReauthenticationResult refused) =>
        refused.Wait is { } wait ? AttemptProblems.TooMany(context, wait) : Problem.Of(AttemptProblems.WrongPassword);

    /// <returns>Also the account as it was when its password was right: whoever acts on it acts on that one, not on a later one.</returns>
    internal async Task<(ReauthenticationResult Result, KnownPassword? Known)> ProveAsync(
        Guid user, string password, IPAddress from, string guess, CancellationToken cancellationToken)
    {
        if (await accounts.FindAsync(user, cancellationToken) is not { } known) return (new ReauthenticationResult(false), null);
        var address = EmailAddress.Parse(vault.Open(user, known.SealedAddress))!.Value;
        if (await attempts.SpendOfSessionAsync(user, cancellationToken) is { } wait) return (new ReauthenticationResult(false, wait), null);
        if (password.Length > PasswordRules.Longest || passwords.Verify(password, known.Password) == PasswordVerdict.Wrong)
        {
            await guesses.RecordAsync(guess, address, from, cancellationToken);
            return (new ReauthenticationResult(false), null);
        }
        await attempts.SucceededOfSessionAsync(user, cancellationToken);
        return (new ReauthenticationResult(true), known);
    }
}
