using System.Text;
using Npgsql;
using NpgsqlTypes;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Cryptography.Sealing;
using Vouchsafe.Identity.Accounts;
using Vouchsafe.Identity.Sessions;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Identity.Links;

/// <summary>Links that were sent to mailboxes. The database has the SHA-256 of their tokens, and of addresses and details sealed values.</summary>
internal sealed class LinkStore(IDatabase database, EmailVault vault, KeyRing keys, TimeProvider time)
{
    private static readonly Actor Identity = Actor.System("identity");

    private readonly SecretKey seal = keys.Derive("identity/link-details");

    /// <summary>Makes a link for a mailbox, in the session's open transaction.</summary>
    public async Task<Link> IssueAsync(PlatformSession session, LinkPurpose purpose, EmailAddress address, byte[]? details, CancellationToken cancellationToken)
    {
        var (id, token, now) = (RandomId.New(), Secret.Generate(), time.GetUtcNow());
        await session.ExecuteAsync(
            """
            insert into identity.links (link_id, purpose, token_hash, email_index, email_sealed, details, created_at, expires_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8)
            """,
            [id, purpose.Name, token.Hash, vault.Index(address), vault.SealOfLink(id, address), Sealed(id, details), now, now + purpose.Lasts], cancellationToken);
        return new Link(id, purpose, token, address, null, null, null, details, now + purpose.Lasts);
    }

    /// <summary>Makes an invitation, in the tenant's own transaction; one that was open for the address opens nothing from then on.</summary>
    public async Task<Link> InviteAsync(TenantSession session, EmailAddress address, string role, CancellationToken cancellationToken)
    {
        var (id, token, now, scope) = (RandomId.New(), Secret.Generate(), time.GetUtcNow(), session.Scope);
        var until = now + LinkPurpose.Invitation.Lasts;
        await session.ExecuteAsync("select identity.invite($1, $2, $3, $4, $5, $6, $7, $8)",
            [scope.Tenant.Value, id, token.Hash, vault.Index(address), vault.SealOfLink(id, address), role, now, until], cancellationToken);
        return new Link(id, LinkPurpose.Invitation, token, address, scope.Tenant, role, scope.Actor.Id, null, until);
    }

    /// <summary>The open link of a token; null where there is none. The link stays as it is.</summary>
    public async Task<Link?> FindAsync(LinkPurpose purpose, string? token, CancellationToken cancellationToken)
    {
        if (Secret.Parse(token) is not { } secret) return null;
        await using var session = database.Platform(Identity);
        return await session.SingleOrDefaultAsync(
            """
            select link_id, email_sealed, tenant_id, role, invited_by, details, expires_at
            from identity.links where token_hash = $1 and purpose = $2 and used_at is null and withdrawn_at is null and expires_at > $3
            """,
            [secret.Hash, purpose.Name, time.GetUtcNow()], row => Read(row, purpose, secret), cancellationToken);
    }

    /// <summary>Whether the token is of an invitation that was withdrawn, and would be open else.</summary>
    public async Task<bool> IsWithdrawnAsync(string? token, CancellationToken cancellationToken)
    {
        if (Secret.Parse(token) is not { } secret) return false;
        await using var session = database.Platform(Identity);
        return await session.SingleOrDefaultAsync(
            "select exists (select from identity.links where token_hash = $1 and purpose = 'invitation' and withdrawn_at is not null and expires_at > $2)",
            [secret.Hash, time.GetUtcNow()], row => row.GetBoolean(0), cancellationToken);
    }

    private Link Read(NpgsqlDataReader row, LinkPurpose purpose, Secret token)
    {
        var id = row.GetGuid(0);
        return new Link(id, purpose, token, vault.OpenOfLink(id, row.GetFieldValue<byte[]>(1)),
            row.IsDBNull(2) ? null : new TenantId(row.GetGuid(2)), row.IsDBNull(3) ? null : row.GetString(3), row.IsDBNull(4) ? null : row.GetGuid(4),
            row.IsDBNull(5) ? null : Seal.Open(seal, row.GetFieldValue<byte[]>(5), Binding(id)), row.GetFieldValue<DateTimeOffset>(6));
    }

    private NpgsqlParameter Sealed(Guid id, byte[]? details) => new()
    {
        NpgsqlDbType = NpgsqlDbType.Bytea,
        Value = details is null ? DBNull.Value : Seal.Protect(seal, details, Binding(id)),
    };

    private static AssociatedData Binding(Guid link) => new AssociatedData("vouchsafe/link-details/v1").Add("identity.links").Add("details").Add(link);
}
