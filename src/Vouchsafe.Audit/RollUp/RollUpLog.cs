using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Audit.RollUp;

/// <summary>
/// The one log that witnesses see. Its leaves are salted commitments to the heads of all other logs, so that a witness learns that logs grow and
/// neither whose nor by how much.
/// </summary>
public static class RollUpLog
{
    internal const string Job = "audit.roll-up";

    public static TenantId Tenant { get; } = new(new Guid("00000000-0000-7000-8000-000000000004"));

    internal static TenantScope Scope { get; } = new(Tenant, Actor.System(Job), OwnerReach.All, null);
}
