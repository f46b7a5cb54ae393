using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Hosting.Accounts;

/// <summary>Who the tenants are. The Tenants module answers.</summary>
public interface ITenantDirectory
{
    /// <summary>The tenant of a code; null where there is none.</summary>
    Task<TenantId?> FindAsync(string code, CancellationToken cancellationToken);

    /// <summary>The tenants' codes and company names; those that there aren't are left out.</summary>
    Task<IReadOnlyDictionary<TenantId, TenantName>> NamesAsync(IReadOnlyCollection<TenantId> tenants, CancellationToken cancellationToken);
}

public sealed record TenantName(string Code, string LegalName);
