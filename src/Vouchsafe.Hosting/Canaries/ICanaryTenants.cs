using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Hosting.Canaries;

/// <summary>A tenant that checks may use as they like: founded through the real sign-up, marked, and nobody's. The Tenants module answers.</summary>
public interface ICanaryTenants
{
    /// <summary>The lasting canary, subscribed; founded at first use.</summary>
    Task<TenantId> LastingAsync(CancellationToken cancellationToken);
}
