using System.Collections.Frozen;
using System.Net;
using Microsoft.AspNetCore.Http;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Hosting.Access;

/// <summary>Who sent the request, as authentication established it. Absent from the request when nobody signed in.</summary>
/// <param name="User">The global user.</param>
/// <param name="Tenant">The tenant chosen at sign-in; null for platform staff.</param>
/// <param name="Roles">Roles of the membership: user, admin; or platform_admin.</param>
/// <param name="Permissions">What the roles allow.</param>
/// <param name="Reach">Own rows or the whole tenant's.</param>
/// <param name="Address">The client's address as the edge established it.</param>
public sealed record Caller(
    Guid User,
    TenantId? Tenant,
    FrozenSet<string> Roles,
    FrozenSet<string> Permissions,
    OwnerReach Reach,
    IPAddress Address)
{
    /// <summary>The session that carries the caller; ends with a sign-out on every node.</summary>
    public Guid Session { get; init; }

    /// <summary>The tenant is read-only (its trial ended), and the endpoint isn't one that stays open then.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>The scope of the caller's tenant; throws where the caller has none (the gate has refused such a request before).</summary>
    public TenantScope Scope => Tenant is { } tenant
        ? new TenantScope(tenant, Actor.User(User), Reach, Address) { ReadOnly = ReadOnly }
        : throw new InvalidOperationException("The caller has no tenant.");

    public static Caller? Of(HttpContext context) => context.Features.Get<Caller>();

    public static Caller Required(HttpContext context) =>
        Of(context) ?? throw new InvalidOperationException("Nobody signed in; the permission gate should have refused this request.");
}
