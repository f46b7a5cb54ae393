using System.Net;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Audit.Logs;

/// <summary>The operator's own log: evidence of checks, and what staff and the platform do outside any customer's tenant.</summary>
public static class SystemLog
{
    /// <summary>The tenant that stands for the operator. Its id is no secret and begins before any real UUID of version 7.</summary>
    public static TenantId Tenant { get; } = new(new Guid("00000000-0000-7000-8000-000000000001"));

    /// <param name="actor">Who acts.</param>
    /// <param name="address">From where; null for a job.</param>
    public static TenantScope Scope(Actor actor, IPAddress? address = null) => new(Tenant, actor, OwnerReach.All, address);
}
