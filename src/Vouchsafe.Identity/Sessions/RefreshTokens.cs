using Vouchsafe.Identity.Tokens;
using Vouchsafe.Postgres.Sessions;

namespace Vouchsafe.Identity.Sessions;

/// <summary>
/// Refresh tokens (RFC 9700 §4.14.2): each is used once and replaced by another of the same session, its family. A second use
/// means that two hold the token, and one of them stole it: the family ends, and the honest one signs in again.
/// </summary>
internal sealed class RefreshTokens(TokenOptions options, TimeProvider time)
{
    public async Task<Secret> IssueAsync(PlatformSession session, Guid family, CancellationToken cancellationToken)
    {
        var secret = Secret.Generate();
        var now = time.GetUtcNow();
        await session.ExecuteAsync(
            "insert into identity.refresh_tokens (token_hash, session_id, issued_at, expires_at) values ($1, $2, $3, $4)",
            [secret.Hash, family, now, now + options.RefreshLifetime], cancellationToken);
        return secret;
    }

    /// <summary>Uses the token up, in the session's open transaction.</summary>
    public async Task<Use> UseAsync(PlatformSession session, Secret token, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        // Of two at once one waits for the other's row and then finds it used.
        var family = await session.SingleOrDefaultAsync(
            "update identity.refresh_tokens set used_at = $2 where token_hash = $1 and used_at is null and expires_at > $2 returning session_id",
            [token.Hash, now], row => (Guid?)row.GetGuid(0), cancellationToken);
        if (family is { } fresh) return new Use(fresh, WasReused: false);
        var reused = await session.SingleOrDefaultAsync(
            "select session_id from identity.refresh_tokens where token_hash = $1 and used_at is not null",
            [token.Hash], row => (Guid?)row.GetGuid(0), cancellationToken);
        return new Use(reused, WasReused: reused is not null);
    }

    /// <param name="Family">The session; null where there is no such token, or it expired.</param>
    /// <param name="WasReused">The token had been used before.</param>
    public readonly record struct Use(Guid? Family, bool WasReused);
}
