using System.Net;
using Vouchsafe.Hosting.Accounts;
using Vouchsafe.Identity.Accounts;
using Vouchsafe.Identity.Attempts;
using Vouchsafe.Identity.Passwords;

namespace Vouchsafe.Identity.Links;

/// <summary>Tells whose account it is by a link from its mailbox and a password. Either alone gives nothing: who reads the mail isn't who forwards it.</summary>
internal sealed class MailboxProofs(LinkStore links, AccountStore accounts, PasswordHasher passwords, PasswordAttempts attempts, GuessLog guesses)
{
    /// <param name="guess">What a wrong password is recorded as.</param>
    public async Task<(MailboxProof Proof, Link? Link)> ProveAsync(
        LinkPurpose purpose, string? token, string password, IPAddress from, string guess, CancellationToken cancellationToken)
    {
        if (await links.FindAsync(purpose, token, cancellationToken) is not { } link) return (new MailboxProof(MailboxVerdict.NoLink), null);
        if (await attempts.SpendOfLinkAsync(link.Address, cancellationToken) is { } wait) return (new MailboxProof(MailboxVerdict.TooMany, Wait: wait), link);
        if (await accounts.FindAsync(link.Address, cancellationToken) is not { } known)
        {
            if (PasswordRules.ProblemOf(password) is { } bad) return (new MailboxProof(MailboxVerdict.BadPassword, Password: bad), link);
            await attempts.SucceededOfLinkAsync(link.Address, cancellationToken);
            return (new MailboxProof(MailboxVerdict.Proven, accounts.Proven(link, password)), link);
        }
        if (password.Length > PasswordRules.Longest || passwords.Verify(password, known.Password) == PasswordVerdict.Wrong)
        {
            await guesses.RecordAsync(guess, link.Address, from, cancellationToken);
            return (new MailboxProof(MailboxVerdict.WrongPassword), link);
        }
        await attempts.SucceededOfLinkAsync(link.Address, cancellationToken);
        return known.IsStaff ? (new MailboxProof(MailboxVerdict.Staff), link) : (new MailboxProof(MailboxVerdict.Proven, AccountStore.Proven(link, known)), link);
    }
}
