using System.Net;
using Microsoft.AspNetCore.Http;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Limits;
using Vouchsafe.Identity.Accounts;
using Vouchsafe.Identity.Devices;
using Vouchsafe.Identity.Links;
using Vouchsafe.Identity.Sessions;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Identity.Passwords.Changing;

/// <summary>Changes an account's password: by its owner, who shows the one before. Other sessions and their refresh families end, other devices are trusted no more, and a mail says so.</summary>
[CountsAttempts]
public sealed class PasswordChange
{
    private static readonly Actor Identity = Actor.System("identity");

    private readonly IDatabase database;
    private readonly PasswordProof proof;
    private readonly PasswordHasher passwords;
    private readonly SessionStore sessions;
    private readonly EmailVault vault;
    private readonly AccountMail mail;
    private readonly TimeProvider time;

    internal PasswordChange(
        IDatabase database, PasswordProof proof, PasswordHasher passwords, SessionStore sessions, EmailVault vault, AccountMail mail, TimeProvider time) =>
        (this.database, this.proof, this.passwords, this.sessions, this.vault, this.mail, this.time) =
        (database, proof, passwords, sessions, vault, mail, time);

    /// <param name="context">Of the session that stays, all others end; and of the device that is trusted from now on, all others are forgotten.</param>
    /// <returns>What came of it, and how long to wait where too much was tried.</returns>
    public async Task<(PasswordChangeResult Result, TimeSpan? Wait)> ChangeAsync(HttpContext context, string current, string chosen, CancellationToken cancellationToken)
    {
        if (!PasswordRules.Accepts(chosen)) return (PasswordChangeResult.BadPassword, null);
        var caller = Caller.Required(context);
        var (proved, known) = await proof.ProveAsync(caller.User, current, From(context), "password.refused", cancellationToken);
        if (!proved.Right) return (proved.Wait is null ? PasswordChangeResult.WrongPassword : PasswordChangeResult.TooMany, proved.Wait);
        return await SetAsync(context, known!, chosen, caller.Session, "password.changed", null, cancellationToken)
            ? (PasswordChangeResult.Changed, null)
            : (PasswordChangeResult.WrongPassword, null);
    }

    /// <summary>Sets the password, ends sessions, forgets devices and says so by mail: all of it, or nothing.</summary>
    /// <param name="context">Of the device that stays trusted, or is from now on: whoever chose the password signs in on it, however many others guess.</param>
    /// <param name="but">The session that stays; null: none does.</param>
    /// <param name="link">The hash of the reset link's token, which is used up; null where the password was shown.</param>
    /// <param name="entry">password.changed or password.reset: the trail's entry, and the mail.</param>
    /// <returns>False where the password, or the link, is another by now.</returns>
    internal async Task<bool> SetAsync(
        HttpContext context, KnownPassword known, string chosen, Guid? but, string entry, byte[]? link, CancellationToken cancellationToken)
    {
        var (hash, now) = (passwords.Hash(chosen), time.GetUtcNow());
        await using var session = database.Platform(Identity);
        await session.BeginAsync(cancellationToken);
        // The account first, in every such transaction: of many at once, with one link or several, one goes on and the others wait for it.
        if (await session.ExecuteAsync("update identity.users set password = $2, password_set_at = $3 where user_id = $1 and password_set_at = $4",
                [known.User, hash, now, known.PasswordSetAt], cancellationToken) != 1)
            return false;
        if (link is not null && await session.ExecuteAsync(
                "update identity.links set used_at = $2 where token_hash = $1 and used_at is null and expires_at > $2", [link, now], cancellationToken) != 1)
            return false;
        var address = EmailAddress.Parse(vault.Open(known.User, known.SealedAddress))!.Value;
        // Links that were on their way would set yet another password.
        await session.ExecuteAsync("update identity.links set used_at = $2 where email_index = $1 and purpose = 'reset' and used_at is null", [vault.Index(address), now], cancellationToken);
        await SessionStore.EndAllAsync(session, known.User, but, now, cancellationToken);
        var device = await TrustedDevices.TrustOnlyAsync(session, known.User, now, cancellationToken);
        await mail.PasswordChangedAsync(session, address, now, entry, known.Language, cancellationToken);
        // Two logins can't share a transaction: the entries commit first, so that nothing happens unrecorded, and while the account is locked, so that
        // nothing is recorded twice. Only where the commit that follows fails does an entry say what wasn't done.
        await RecordAsync(known, entry, From(context), cancellationToken);
        await session.CommitAsync(cancellationToken);
        sessions.Forget();
        DeviceCookie.Write(context.Response, DeviceCookie.Read(context.Request).With(device));
        return true;
    }

    private static IPAddress From(HttpContext context) => context.Connection.RemoteIpAddress ?? IPAddress.None;

    /// <summary>In the trail of each tenant that the account is a member of: each may have given it something to guard.</summary>
    private async Task RecordAsync(KnownPassword known, string entry, IPAddress from, CancellationToken cancellationToken)
    {
        foreach (var seat in known.Seats)
        {
            var actor = seat.Tenant == TenantId.System ? Actor.Staff(known.User) : Actor.User(known.User);
            await using var trail = database.Tenant(new TenantScope(seat.Tenant, actor, OwnerReach.Own, from));
            await trail.RecordAsync(new AuditEvent(entry, [], known.User), cancellationToken);
        }
    }
}

/// <summary>What came of changing a password.</summary>
public enum PasswordChangeResult
{
    Changed,
    WrongPassword,

    /// <summary>The new password isn't good enough.</summary>
    BadPassword,
    TooMany,
}
