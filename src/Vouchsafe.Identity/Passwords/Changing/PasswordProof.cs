using System.Net;
using Microsoft.AspNetCore.Http;
using Vouchsafe.Hosting.Accounts;
using Vouchsafe.Hosting.Problems;
using Vouchsafe.Identity.Accounts;
using Vouchsafe.Identity.Attempts;

namespace Vouchsafe.Identity.Passwords.Changing;

/// <summary>Asks somebody who is signed in for their password again, within the same limits as a sign-in: a session that was left open is no way to guess.</summary>
internal sealed class PasswordProof(AccountStore accounts, PasswordHasher passwords, PasswordAttempts attempts, GuessLog guesses, EmailVault vault) : IPasswordProof
{
    public Task<ReauthenticationResult> ProveAsync(Guid user, string password, IPAddress from, CancellationToken cancellationToken) =>
        ProveAsync(user, password, from, "reauthentication.refused", cancellationToken);

    public IResult Refusal(HttpContext context, ReauthenticationResult refused) =>
        refused.Wait is { } wait ? AttemptProblems.TooMany(context, wait) : Problem.Of(AttemptProblems.WrongPassword);

    internal async Task<ReauthenticationResult> ProveAsync(Guid user, string password, IPAddress from, string guess, CancellationToken cancellationToken)
    {
        if (await accounts.FindAsync(user, cancellationToken) is not { } known) return new ReauthenticationResult(false);
        var address = EmailAddress.Parse(vault.Open(user, known.SealedAddress))!.Value;
        if (await attempts.SpendAsync(address, from, cancellationToken) is { } wait) return new ReauthenticationResult(false, wait);
        if (password.Length > PasswordRules.Longest || passwords.Verify(password, known.Password) == PasswordVerdict.Wrong)
        {
            await guesses.RecordAsync(guess, address, from, cancellationToken);
            return new ReauthenticationResult(false);
        }
        await attempts.SucceededAsync(user, address, from, cancellationToken);
        return new ReauthenticationResult(true);
    }
}
