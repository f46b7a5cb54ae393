using System.Net;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Audit.Logs;

/// <summary>A tenant of no customer, in whose trail the checks act, so that they see what a customer would see.</summary>
public static class CanaryLog
{
    public static TenantId Tenant { get; } = new(new Guid("00000000-0000-7000-8000-000000000002"));

    /// <summary>The person who acts there; nobody.</summary>
    public static Guid Person { get; } = new("00000000-0000-7000-8000-0000000000ca");

    /// <summary>The person's address, from the block for documentation (RFC 5737).</summary>
    public static IPAddress Address { get; } = IPAddress.Parse("192.0.2.202");

    public static TenantScope Scope { get; } = new(Tenant, Actor.User(Person), OwnerReach.All, Address);
}
