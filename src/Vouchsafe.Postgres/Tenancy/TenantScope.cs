using System.Net;

namespace Vouchsafe.Postgres.Tenancy;

/// <summary>On whose behalf something is done: the tenant, who acts in it, and from where.</summary>
/// <param name="Tenant">The tenant whose rows are open.</param>
/// <param name="Actor">Who acts.</param>
/// <param name="Reach">Which of the tenant's owned rows are open to the actor.</param>
/// <param name="Address">The client's address as the edge established it; null for a job.</param>
public sealed record TenantScope(TenantId Tenant, Actor Actor, OwnerReach Reach, IPAddress? Address)
{
    /// <summary>The tenant may look and not touch (its trial ended): each of the session's transactions is READ ONLY in the database.</summary>
    public bool ReadOnly { get; init; }
}

/// <summary>Who acts: a user (its id), or a part of the system (a name and the nil id).</summary>
/// <param name="Kind">User, Staff or System.</param>
/// <param name="Id">The user's id; <see cref="Guid.Empty"/> for the system.</param>
/// <param name="Name">For the system the job's or component's name; null for people: no personal data travels here.</param>
public sealed record Actor(ActorKind Kind, Guid Id, string? Name)
{
    public static Actor User(Guid id) => new(ActorKind.User, id, null);

    public static Actor Staff(Guid id) => new(ActorKind.Staff, id, null);

    public static Actor System(string name) => new(ActorKind.System, Guid.Empty, name);
}

public enum ActorKind
{
    User,
    Staff,
    System,
}

/// <summary>Which rows with an owner a session sees within its tenant.</summary>
public enum OwnerReach
{
    /// <summary>Only rows that the actor owns or that are shared with the actor.</summary>
    Own,

    /// <summary>All rows of the tenant: its administrators, and jobs.</summary>
    All,
}
