using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Tenants.SigningUp;

/// <summary>Tells the operator which tenant claims a registration in the company register, and whether another holds it (decision 0063). The claimant isn't told.</summary>
internal sealed class RegistrationClaims(IDatabase database) : IDisposable
{
    /// <summary>A claim holds its tenant's connection while it takes another for the operator's log: so few at once that they never wait for each other.</summary>
    private readonly SemaphoreSlim turns = new(2);

    /// <summary>Waits its turn, before the tenant's session takes a connection.</summary>
    /// <returns>To be disposed when that session is.</returns>
    public async Task<IDisposable> TakeTurnAsync(CancellationToken cancellationToken)
    {
        await turns.WaitAsync(cancellationToken);
        return new Turn(turns);
    }

    /// <summary>Recorded for every claim alike, before it is committed: what is contested takes no longer, and none goes unseen.</summary>
    public async Task RecordAsync(TenantId tenant, bool contested, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(SystemLog.Scope(Actor.System("tenants")));
        await session.RecordAsync(new AuditEvent("registration.claimed",
            new AuditField("tenant", tenant.Value.ToString("D")), new AuditField("contested", contested ? "yes" : "no")), cancellationToken);
    }

    public void Dispose() => turns.Dispose();

    private sealed class Turn(SemaphoreSlim turns) : IDisposable
    {
        private int over;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref over, 1) == 0) turns.Release();
        }
    }
}
