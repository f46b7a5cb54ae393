using Microsoft.AspNetCore.Http;
using Vouchsafe.Identity.Accounts;
using Vouchsafe.Identity.Sessions;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Identity.Devices;

/// <summary>
/// Devices from which an account was signed in to, or had its password reset. The database has the SHA-256 of their
/// tokens.
/// </summary>
internal sealed class TrustedDevices(IDatabase database, EmailVault vault, TimeProvider time)
{
    /// <summary>For how long after the last sign-in a device is trusted.</summary>
    public static readonly TimeSpan TrustedFor = TimeSpan.FromDays(90);

    /// <summary>
    /// Devices of one account. Of more those are forgotten first that never came back, as of a script that keeps no
    /// cookies; then the one that was used longest ago.
    /// </summary>
    private const int MaxDevices = 20;

    private static readonly Actor Identity = Actor.System("identity");

    /// <summary>
    /// The hash of the shown token that the address's account trusts; null where there is none, or no such account.
    /// </summary>
    public async Task<byte[]?> FindAsync(EmailAddress address, DeviceTokens shown, CancellationToken cancellationToken)
    {
        if (shown.All.Count == 0) return null;
        await using var session = database.Platform(Identity);
        return await session.SingleOrDefaultAsync(
            """
            select d.token_hash from identity.users u join identity.trusted_devices d on d.user_id = u.user_id
            where u.email_index = $1 and d.token_hash = any ($2) and d.last_seen_at > $3 order by d.last_seen_at desc limit 1
            """,
            [vault.Index(address), shown.All.Select(token => token.Hash).ToArray(), time.GetUtcNow() - TrustedFor],
            row => row.GetFieldValue<byte[]>(0), cancellationToken);
    }

    /// <summary>
    /// Trusts the client's device from now on. Each account gets a token of its own: whoever used the browser before,
    /// or planted a cookie in it, holds none that this account trusts.
    /// </summary>
    /// <param name="passwordSetAt">Of the password that was verified: where it was changed meanwhile, the device isn't trusted. Null: neither.</param>
    public async Task TrustAsync(HttpContext context, Guid user, DateTimeOffset? passwordSetAt, CancellationToken cancellationToken)
    {
        var (shown, now) = (DeviceCookie.Read(context.Request), time.GetUtcNow());
        await using var session = database.Platform(Identity);
        var known = await session.ExecuteAsync("update identity.trusted_devices set last_seen_at = $3 where user_id = $1 and token_hash = any ($2) and last_seen_at > $4",
            [user, shown.All.Select(token => token.Hash).ToArray(), now, now - TrustedFor], cancellationToken);
        if (known > 0)
        {
            DeviceCookie.Write(context.Response, shown);
            return;
        }
        var token = Secret.Generate();
        await session.ExecuteBatchAsync(
            [
                // The lock makes it wait for a change that is under way, which then forgets this device or isn't matched any more.
                new Statement(
                    """
                    insert into identity.trusted_devices (user_id, token_hash, trusted_at, last_seen_at)
                    select u.user_id, $2, $3, $3 from identity.users u
                    where u.user_id = $1 and u.password_set_at = $4 for share of u
                    """, user, token.Hash, now, passwordSetAt),
                new Statement(
                    """
                    delete from identity.trusted_devices where user_id = $1 and token_hash in
                        (select token_hash from identity.trusted_devices where user_id = $1 order by last_seen_at > trusted_at desc, last_seen_at desc offset $2)
                    """, user, MaxDevices),
            ], cancellationToken);
        DeviceCookie.Write(context.Response, shown.With(token));
    }

    /// <summary>
    /// Trusts the device on which the password was just set and none of the account's others, in the session's open
    /// transaction: whoever had the password before may be on one.
    /// </summary>
    /// <returns>The device's new token: one that was planted there, or copied from there, is forgotten with the rest.</returns>
    public static async Task<Secret> TrustOnlyAsync(PlatformSession session, Guid user, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var token = Secret.Generate();
        await session.ExecuteAsync("delete from identity.trusted_devices where user_id = $1", [user], cancellationToken);
        await session.ExecuteAsync("insert into identity.trusted_devices (user_id, token_hash, trusted_at, last_seen_at) values ($1, $2, $3, $3)",
            [user, token.Hash, now], cancellationToken);
        return token;
    }
}
