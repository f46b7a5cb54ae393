using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Hosting.Access;

/// <summary>Tells whether a tenant may still write. The Tenants module answers; the gate asks on each request of a tenant's caller.</summary>
public interface ITenantStanding
{
    ValueTask<Standing> OfAsync(TenantId tenant, CancellationToken cancellationToken);
}

/// <summary>How a tenant stands. Nothing but <see cref="Active"/> may write.</summary>
public enum Standing
{
    /// <summary>In its trial or subscribed.</summary>
    Active,

    /// <summary>Its trial ran out: everything can be read, nothing is deleted.</summary>
    TrialEnded,

    /// <summary>It cancelled: it can read and take its data away until the clock runs out.</summary>
    Cancelled,

    /// <summary>There is no such tenant.</summary>
    Unknown,
}
