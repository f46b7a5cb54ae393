using System.Net;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Hosting.Languages;
using Vouchsafe.Identity.Sessions;
using Vouchsafe.Identity.Tokens;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Identity.SigningIn;

/// <summary>
/// Opens, renews and ends sessions, each with its entry in the tenant's trail. The entry commits before the effect, so that nothing happens unrecorded,
/// and while the effect's row is locked, so that nothing is recorded twice.
/// </summary>
internal sealed class SessionOpening(
    IDatabase database, SessionStore sessions, RefreshTokens refreshTokens, AccessTokens accessTokens, TokenOptions options)
{
    private static readonly Actor Identity = Actor.System("identity");

    /// <returns>Null where the password was changed since it was verified.</returns>
    public async Task<Secret?> OpenPageAsync(SignIn.Outcome.Accepted who, IPAddress address, CancellationToken cancellationToken)
    {
        var cookie = Secret.Generate();
        await using var session = database.Platform(Identity);
        await session.BeginAsync(cancellationToken);
        if (await sessions.OpenAsync(session, who.Tenant, who.User, cookie, sessions.Longest, who.PasswordSetAt, cancellationToken) is null) return null;
        // Mails to the account are in the language that its owner reads the pages in.
        await session.ExecuteAsync("update identity.users set language = $2 where user_id = $1 and language <> $2", [who.User, PageLanguage.Current], cancellationToken);
        await RecordAsync(Scope(who.Tenant, who.User, address), "session.opened", "page", cancellationToken);
        await session.CommitAsync(cancellationToken);
        return cookie;
    }

    /// <returns>Null where the password was changed since it was verified.</returns>
    public async Task<TokenPair?> OpenTokensAsync(SignIn.Outcome.Accepted who, IPAddress address, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Identity);
        await session.BeginAsync(cancellationToken);
        if (await sessions.OpenAsync(session, who.Tenant, who.User, cookie: null, sessions.Longest, who.PasswordSetAt, cancellationToken) is not { } id) return null;
        var refresh = await refreshTokens.IssueAsync(session, id, cancellationToken);
        await RecordAsync(Scope(who.Tenant, who.User, address), "session.opened", "tokens", cancellationToken);
        await session.CommitAsync(cancellationToken);
        return Pair(who.User, who.Tenant, id, refresh);
    }

    /// <returns>New tokens; null where the token is none of ours, expired, or was used before: its family is ended then.</returns>
    public async Task<TokenPair?> RefreshAsync(Secret token, IPAddress address, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Identity);
        await session.BeginAsync(cancellationToken);
        var use = await refreshTokens.UseAsync(session, token, cancellationToken);
        if (use.Family is not { } family || use.WasReused)
        {
            await session.RollbackAsync(cancellationToken);
            if (use is { WasReused: true, Family: { } stolen }) await EndStolenAsync(stolen, address, cancellationToken);
            return null;
        }
        var successor = await refreshTokens.IssueAsync(session, family, cancellationToken);
        await session.CommitAsync(cancellationToken);
        // Asked after the token is used up: of an ended session nothing can be had by trying again.
        sessions.Forget(family);
        return await sessions.FindAsync(family, cancellationToken) is { } live ? Pair(live.User, live.Tenant, live.Id, successor) : null;
    }

    public async Task EndAsync(TenantScope scope, Guid id, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Identity);
        await session.BeginAsync(cancellationToken);
        if (await sessions.EndAsync(session, id, cancellationToken) is not null)
            await RecordAsync(scope with { ReadOnly = false }, "session.ended", "signed-out", cancellationToken);
        await session.CommitAsync(cancellationToken);
        sessions.Forget(id);
    }

    private async Task EndStolenAsync(Guid family, IPAddress address, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Identity);
        await session.BeginAsync(cancellationToken);
        if (await sessions.EndAsync(session, family, cancellationToken) is var (tenant, user))
        {
            await using var trail = database.Tenant(new TenantScope(tenant, Actor.System("identity"), OwnerReach.All, address));
            await trail.RecordAsync(new AuditEvent("session.ended", [new AuditField("reason", "refresh-token-reused")], user), cancellationToken);
        }
        await session.CommitAsync(cancellationToken);
        sessions.Forget(family);
    }

    private TokenPair Pair(Guid user, TenantId tenant, Guid session, Secret refresh) =>
        new(accessTokens.Issue(user, tenant.Value, session), "Bearer", (long)options.Lifetime.TotalSeconds, refresh.Text);

    private static TenantScope Scope(TenantId tenant, Guid user, IPAddress address) =>
        new(tenant, tenant == TenantId.System ? Actor.Staff(user) : Actor.User(user), OwnerReach.Own, address);

    private async Task RecordAsync(TenantScope scope, string name, string how, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(scope);
        await session.RecordAsync(new AuditEvent(name, new AuditField("how", how)), cancellationToken);
    }
}

/// <summary>An answer to a sign-in or a refresh (RFC 6749 §5.1, in this API's spelling).</summary>
/// <param name="ExpiresIn">Seconds.</param>
public sealed record TokenPair(string AccessToken, string TokenType, long ExpiresIn, string RefreshToken)
{
    public override string ToString() => "tokens";
}
