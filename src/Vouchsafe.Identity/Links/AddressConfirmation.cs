using System.Net;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Hosting.Accounts;
using Vouchsafe.Hosting.Limits;
using Vouchsafe.Identity.Accounts;
using Vouchsafe.Identity.Attempts;
using Vouchsafe.Identity.Passwords;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Identity.Links;

/// <summary>
/// Proves the mailbox of an account that was made without one. The link alone confirms nothing: it may have gone to a
/// stranger, by a slip of the pen.
/// </summary>
[CountsAttempts]
public sealed class AddressConfirmation
{
    private static readonly Actor Identity = Actor.System("identity");

    private readonly IDatabase database;
    private readonly LinkStore links;
    private readonly AccountStore accounts;
    private readonly PasswordHasher passwords;
    private readonly PasswordAttempts attempts;
    private readonly GuessLog guesses;
    private readonly TimeProvider time;

    internal AddressConfirmation(
        IDatabase database, LinkStore links, AccountStore accounts, PasswordHasher passwords, PasswordAttempts attempts, GuessLog guesses, TimeProvider time) =>
        (this.database, this.links, this.accounts, this.passwords, this.attempts, this.guesses, this.time) =
        (database, links, accounts, passwords, attempts, guesses, time);

    /// <summary>Whether the token opens a link still.</summary>
    public async Task<bool> IsOpenAsync(string? token, CancellationToken cancellationToken) =>
        await links.FindAsync(LinkPurpose.Confirmation, token, cancellationToken) is not null;

    /// <summary>Confirms the address, for whoever shows the link and the account's password.</summary>
    /// <returns>What came of it, and how long to wait where too much was tried.</returns>
    public async Task<(MailboxVerdict Verdict, TimeSpan? Wait)> ConfirmAsync(string? token, string password, IPAddress from, CancellationToken cancellationToken)
    {
        if (await links.FindAsync(LinkPurpose.Confirmation, token, cancellationToken) is not { } link
            || await accounts.FindAsync(link.Address, cancellationToken) is not { } known)
            return (MailboxVerdict.NoLink, null);
        if (await attempts.SpendOfLinkAsync(link.Address, cancellationToken) is { } wait) return (MailboxVerdict.TooMany, wait);
        if (password.Length > PasswordRules.Longest || passwords.Verify(password, known.Password) == PasswordVerdict.Wrong)
        {
            await guesses.RecordAsync("confirmation.refused", link.Address, from, cancellationToken);
            return (MailboxVerdict.WrongPassword, null);
        }
        await attempts.SucceededOfLinkAsync(link.Address, cancellationToken);
        return (await WriteAsync(known, link, from, cancellationToken) ? MailboxVerdict.Proven : MailboxVerdict.NoLink, null);
    }

    private async Task<bool> WriteAsync(KnownPassword known, Link link, IPAddress from, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var session = database.Platform(Identity);
        await session.BeginAsync(cancellationToken);
        // The account first, as where a password is set: of several at once the others wait, and find it confirmed.
        if (await session.ExecuteAsync("update identity.users set confirmed_at = $2 where user_id = $1 and confirmed_at is null and password_set_at = $3",
                [known.User, now, known.PasswordSetAt], cancellationToken) != 1
            || await session.ExecuteAsync("update identity.links set used_at = $2 where token_hash = $1 and used_at is null and expires_at > $2",
                [link.Token.Hash, now], cancellationToken) != 1)
            return false;
        foreach (var seat in known.Seats)
        {
            var actor = seat.Tenant == TenantId.System ? Actor.Staff(known.User) : Actor.User(known.User);
            await using var trail = database.Tenant(new TenantScope(seat.Tenant, actor, OwnerReach.Own, from));
            await trail.RecordAsync(new AuditEvent("address.confirmed", [], known.User), cancellationToken);
        }
        await session.CommitAsync(cancellationToken);
        return true;
    }
}
