using Npgsql;
using NpgsqlTypes;
using Vouchsafe.Hosting.Requests;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Identity.Sessions;

/// <summary>Sessions on the server. Ending one ends it everywhere: at once here, within <see cref="SessionOptions.TrustedFor"/> on other nodes.</summary>
internal sealed class SessionStore(IDatabase database, SessionOptions options, TimeProvider time)
{
    private static readonly Actor Identity = Actor.System("identity");

    private readonly BriefMemory<Guid, LiveSession?> byId = new(time, options.TrustedFor);
    private readonly BriefMemory<string, LiveSession?> byCookie = new(time, options.TrustedFor);

    /// <summary>Opens a session in the platform session's transaction. Each sign-in has a new id: none is carried over from before it.</summary>
    /// <param name="cookie">The page session's secret; null for a session of access tokens.</param>
    /// <param name="lasts">For how long at most.</param>
    /// <param name="passwordSetAt">Of the password that was verified; null where none was asked for.</param>
    /// <returns>Null where the password was changed since: whoever knows the one before opens nothing, however close they come.</returns>
    public async Task<Guid?> OpenAsync(
        PlatformSession session, TenantId tenant, Guid user, Secret? cookie, TimeSpan lasts, DateTimeOffset? passwordSetAt, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        // The lock makes it wait for a change that is under way, which then ends this session or isn't matched any more.
        var opened = await session.ExecuteAsync(
            """
            insert into identity.sessions (session_id, tenant_id, user_id, cookie_hash, created_at, last_seen_at, expires_at)
            select $1, $2, u.user_id, $4, $5, $5, $6 from identity.users u
            where u.user_id = $3 and ($7::timestamptz is null or u.password_set_at = $7) for share of u
            """,
            [id, tenant.Value, user, Bytes(cookie?.Hash), now, now + lasts, Time(passwordSetAt)], cancellationToken);
        return opened == 1 ? id : null;
    }

    public TimeSpan Longest => options.Longest;

    /// <summary>The live session of an access token's <c>sid</c>.</summary>
    public async ValueTask<LiveSession?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        if (byId.TryGet(id, out var known)) return known;
        var found = await ReadAsync("s.session_id = $1 and s.cookie_hash is null", id, cancellationToken);
        byId.Set(id, found);
        return found;
    }

    /// <summary>The live session of a page's cookie.</summary>
    public async ValueTask<LiveSession?> FindAsync(Secret cookie, CancellationToken cancellationToken)
    {
        var key = Convert.ToHexString(cookie.Hash);
        if (byCookie.TryGet(key, out var known)) return known;
        var found = await ReadAsync("s.cookie_hash = $1", cookie.Hash, cancellationToken);
        byCookie.Set(key, found);
        return found;
    }

    /// <summary>Ends the session on every node, in the platform session's open transaction. After its commit, forget.</summary>
    /// <returns>Whose it was; null where it had ended before. Of many at once one ends it.</returns>
    public Task<(TenantId Tenant, Guid User)?> EndAsync(PlatformSession session, Guid id, CancellationToken cancellationToken) => session.SingleOrDefaultAsync(
        "update identity.sessions set ended_at = $2 where session_id = $1 and ended_at is null returning tenant_id, user_id",
        [id, time.GetUtcNow()], row => ((TenantId, Guid)?)(new TenantId(row.GetGuid(0)), row.GetGuid(1)), cancellationToken);

    /// <summary>Ends all sessions of an account but one, with their refresh families, in the session's open transaction. After its commit, forget.</summary>
    public static Task EndAllAsync(PlatformSession session, Guid user, Guid? but, DateTimeOffset now, CancellationToken cancellationToken) => session.ExecuteAsync(
        "update identity.sessions set ended_at = $3 where user_id = $1 and ended_at is null and session_id <> $2", [user, but ?? Guid.Empty, now], cancellationToken);

    /// <summary>This node asks the database again: a role changed, a member left.</summary>
    public void Forget(Guid? id = null)
    {
        if (id is { } one) byId.Forget(one);
        else byId.Clear();
        byCookie.Clear();
    }

    private async Task<LiveSession?> ReadAsync(string which, object key, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var session = database.Platform(Identity);
        var found = await session.SingleOrDefaultAsync(
            $"""
            select s.session_id, s.tenant_id, s.user_id, m.role, s.cookie_hash is not null, s.last_seen_at
            from identity.sessions s join identity.memberships m on m.tenant_id = s.tenant_id and m.user_id = s.user_id
            where {which} and s.ended_at is null and s.expires_at > $2 and (s.cookie_hash is null or s.last_seen_at > $3)
            """,
            [key, now, now - options.Idle],
            row => (Session: new LiveSession(row.GetGuid(0), new TenantId(row.GetGuid(1)), row.GetGuid(2), row.GetString(3), row.GetBoolean(4)), Seen: row.GetFieldValue<DateTimeOffset>(5)),
            cancellationToken);
        if (found.Session is not { IsPage: true } page) return found.Session;
        // Written a few times an idle period, not at each request: the session may die that much early, never late.
        if (now - found.Seen > options.Idle / 30)
            await session.ExecuteAsync("update identity.sessions set last_seen_at = $2 where session_id = $1 and last_seen_at < $2 and ended_at is null", [page.Id, now], cancellationToken);
        return page;
    }

    private static NpgsqlParameter Time(DateTimeOffset? value) => new() { NpgsqlDbType = NpgsqlDbType.TimestampTz, Value = (object?)value ?? DBNull.Value };

    private static NpgsqlParameter Bytes(byte[]? value) => new() { NpgsqlDbType = NpgsqlDbType.Bytea, Value = (object?)value ?? DBNull.Value };
}
