using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Audit.Logs;

/// <summary>A log's id: random to everybody else, the same on every node without asking the database.</summary>
/// <remarks>
/// Derived from the tenant's random key, because an entry names its log before the log has a row: the id must be known inside
/// the first business transaction, and must not depend on whether that transaction commits.
/// </remarks>
internal sealed class LogIdentities(KeyRing keys)
{
    /// <exception cref="KeyDestroyedException">The tenant's key was destroyed; nothing is recorded for it any more.</exception>
    public Guid Of(TenantId tenant) => Of(keys.TenantKey(tenant.Value).Required);

    /// <summary>The id of the log of the tenant whose key this is.</summary>
    public static Guid Of(SecretKey tenantKey) => new(tenantKey.Derive("audit/log-id").Authenticate("id"u8).Bytes[..16], bigEndian: true);
}
