using Vouchsafe.Audit.Trail;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Identity.Accounts;
using Vouchsafe.Identity.Invitations;
using Vouchsafe.Identity.Sessions;
using Vouchsafe.Postgres.Errors;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Identity.Members;

/// <summary>
/// A tenant's members. Each change and its entry are one transaction of the tenant's own login; the database asks who administers. With the right to invite
/// go the invitations that were made by it.
/// </summary>
public sealed class MemberStore
{
    private const string LastAdministrator = "VS001";

    private readonly IDatabase database;
    private readonly EmailVault vault;
    private readonly SessionStore sessions;

    internal MemberStore(IDatabase database, EmailVault vault, SessionStore sessions) =>
        (this.database, this.vault, this.sessions) = (database, vault, sessions);

    public async Task<IReadOnlyList<Member>> ListAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Actor.System("identity"));
        return await session.ListAsync(
            """
            select m.user_id, u.email_sealed, m.role, m.joined_at
            from identity.memberships m join identity.users u on u.user_id = m.user_id
            where m.tenant_id = $1 and not u.canary order by m.joined_at, m.user_id
            """,
            [tenant.Value],
            row => new Member(row.GetGuid(0), vault.Open(row.GetGuid(0), row.GetFieldValue<byte[]>(1)), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3)),
            cancellationToken);
    }

    /// <param name="role">user or admin; another is <see cref="MemberChange.Invalid"/>.</param>
    public async Task<MemberChange> ChangeRoleAsync(TenantScope scope, Guid user, string role, CancellationToken cancellationToken) => !Roles.OfTenants.Contains(role)
        ? MemberChange.Invalid
        : await ChangeAsync(scope, user, "select identity.change_role($1, $2, $3)", [scope.Tenant.Value, user, role],
            before => before == role ? null : new AuditEvent("member.role-changed", [new AuditField("from", before), new AuditField("to", role)], user), cancellationToken);

    /// <summary>Removes a member; their sessions in this tenant end.</summary>
    public Task<MemberChange> RemoveAsync(TenantScope scope, Guid user, CancellationToken cancellationToken) =>
        ChangeAsync(scope, user, "select identity.remove_member($1, $2)", [scope.Tenant.Value, user],
            before => new AuditEvent("member.removed", [new AuditField("role", before)], user), cancellationToken);

    private async Task<MemberChange> ChangeAsync(TenantScope scope, Guid user, string sql, object?[] args, Func<string, AuditEvent?> entry, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(scope);
        try
        {
            await session.BeginAsync(cancellationToken);
            var before = await session.SingleOrDefaultAsync(sql, args, row => row.IsDBNull(0) ? null : row.GetString(0), cancellationToken);
            if (before is null) return MemberChange.NoSuchMember;
            if (entry(before) is { } what) await session.RecordAsync(what, cancellationToken);
            foreach (var invitation in await session.ListAsync("select identity.withdraw_invitations_of($1, $2, $3)",
                [scope.Tenant.Value, user, session.Now], row => row.GetGuid(0), cancellationToken))
                await session.RecordAsync(InvitationStore.Withdrawn(invitation, "inviter-lost-the-right"), cancellationToken);
            await session.CommitAsync(cancellationToken);
        }
        catch (DatabaseRefusedException refused) when (refused.SqlState == LastAdministrator)
        {
            return MemberChange.LastAdministrator;
        }
        sessions.Forget();
        return MemberChange.Done;
    }
}

/// <summary>What came of a change of members.</summary>
public enum MemberChange
{
    Done,

    /// <summary>A field isn't what it must be.</summary>
    Invalid,
    NoSuchMember,
    LastAdministrator,
}

/// <param name="Role">user or admin.</param>
public sealed record Member(Guid User, string Email, string Role, DateTimeOffset JoinedAt)
{
    public override string ToString() => $"member {User:D}";
}
