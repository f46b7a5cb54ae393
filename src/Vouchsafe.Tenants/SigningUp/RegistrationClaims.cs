using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Tenants.SigningUp;

/// <summary>Tells the operator which tenant claims a registration in the company register, and whether another holds it (decision 0063). The claimant isn't told.</summary>
internal sealed class RegistrationClaims(IDatabase database)
{
    /// <summary>Recorded for every claim alike, before it is committed: what is contested takes no longer, and none goes unseen.</summary>
    public async Task RecordAsync(TenantId tenant, bool contested, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(SystemLog.Scope(Actor.System("tenants")));
        await session.RecordAsync(new AuditEvent("registration.claimed",
            new AuditField("tenant", tenant.Value.ToString("D")), new AuditField("contested", contested ? "yes" : "no")), cancellationToken);
    }
}
