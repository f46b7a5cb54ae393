using Microsoft.Extensions.Logging;

namespace Vouchsafe.Postgres.Tenancy;

/// <summary>Log lines that say whose they are.</summary>
public static class TenantLogScope
{
    /// <summary>What is logged until the scope is disposed carries the tenant's id and the actor's kind. The actor's id stays out: it stands for a person.</summary>
    /// <exception cref="ArgumentException">No tenant was named.</exception>
    public static IDisposable? BeginTenant(this ILogger logger, TenantScope scope) =>
        logger.BeginScope(new KeyValuePair<string, object>[] { new("Tenant", scope.Tenant.OrRefuse().Value), new("ActorKind", scope.Actor.Kind) });
}
