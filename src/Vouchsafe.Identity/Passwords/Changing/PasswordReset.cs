using System.Net;
using Microsoft.AspNetCore.Http;
using Vouchsafe.Hosting.Limits;
using Vouchsafe.Identity.Accounts;
using Vouchsafe.Identity.Attempts;
using Vouchsafe.Identity.Links;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Identity.Passwords.Changing;

/// <summary>Gives an account a new password through its mailbox. Asking does the same for any address; using the link ends every session.</summary>
[CountsAttempts]
public sealed class PasswordReset
{
    private static readonly Actor Identity = Actor.System("identity");

    private readonly IDatabase database;
    private readonly AccountStore accounts;
    private readonly LinkStore links;
    private readonly PasswordChange change;
    private readonly AttemptStore attempts;
    private readonly EmailVault vault;
    private readonly AccountMail mail;
    private readonly GuessLog guesses;

    internal PasswordReset(
        IDatabase database, AccountStore accounts, LinkStore links, PasswordChange change, AttemptStore attempts, EmailVault vault,
        AccountMail mail, GuessLog guesses) =>
        (this.database, this.accounts, this.links, this.change, this.attempts, this.vault, this.mail, this.guesses) =
        (database, accounts, links, change, attempts, vault, mail, guesses);

    /// <summary>Sends a link, or says that the address has no account; whoever asks is told neither. A mailbox that had several mails lately gets none.</summary>
    /// <returns>Null, or how long until this client may ask again.</returns>
    public async Task<TimeSpan?> AskAsync(string email, IPAddress from, CancellationToken cancellationToken)
    {
        if (await attempts.SpendAsync(AttemptBudget.MailFromNetwork, attempts.Key(AttemptBudget.MailFromNetwork, attempts.Network(from)), cancellationToken) is { } wait)
            return wait;
        // What is no address has no account and no mailbox: that much everybody can tell.
        if (EmailAddress.Parse(email) is not { } address) return null;
        await guesses.RecordAsync("password-reset.requested", address, from, cancellationToken);
        if (await attempts.SpendAsync(AttemptBudget.ResetMailToAddress, attempts.Key(AttemptBudget.ResetMailToAddress, vault.Index(address)), cancellationToken) is not null)
            return null;
        var known = await accounts.FindAsync(address, cancellationToken);
        // Nobody showed yet that the account's owner reads this mailbox: who reads it may be a stranger, and gets no way to the password.
        var confirm = known is { IsConfirmed: false };
        await using var session = database.Platform(Identity);
        await session.BeginAsync(cancellationToken);
        var link = await links.IssueAsync(session, confirm ? LinkPurpose.Confirmation : LinkPurpose.Reset, address, null, cancellationToken);
        await (confirm ? mail.ConfirmationAsync(session, link, cancellationToken) : mail.ResetAsync(session, link, known is not null, cancellationToken));
        await session.CommitAsync(cancellationToken);
        return null;
    }

    /// <summary>Whether the token opens a link still.</summary>
    public async Task<bool> IsOpenAsync(string? token, CancellationToken cancellationToken) => await links.FindAsync(LinkPurpose.Reset, token, cancellationToken) is not null;

    /// <summary>Sets the password that was chosen, and trusts this device alone: whoever proved the mailbox signs in on it, however many others guess.</summary>
    public async Task<PasswordResetResult> CompleteAsync(HttpContext context, string? token, string chosen, CancellationToken cancellationToken)
    {
        if (await links.FindAsync(LinkPurpose.Reset, token, cancellationToken) is not { } link
            || await accounts.FindAsync(link.Address, cancellationToken) is not { IsConfirmed: true } known)
            return PasswordResetResult.NoLink;
        if (!PasswordRules.Accepts(chosen)) return PasswordResetResult.BadPassword;
        return await change.SetAsync(context, known, chosen, null, "password.reset", link.Token.Hash, cancellationToken)
            ? PasswordResetResult.Done
            : PasswordResetResult.NoLink;
    }
}

/// <summary>What came of a reset.</summary>
public enum PasswordResetResult
{
    Done,

    /// <summary>The token opens nothing: it was used or replaced, it ran out, or it never was.</summary>
    NoLink,

    /// <summary>The new password isn't good enough; the link stays open.</summary>
    BadPassword,
}
