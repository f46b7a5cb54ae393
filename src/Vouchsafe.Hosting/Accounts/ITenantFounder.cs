using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Hosting.Accounts;

/// <summary>Founds tenants as the sign-up form does, for seeds. The Tenants module answers.</summary>
public interface ITenantFounder
{
    /// <summary>Founds the tenant with its administrator; a tenant that the same founder founded before is answered as it is.</summary>
    /// <exception cref="ArgumentException">A field isn't what the form accepts; the message names the fields.</exception>
    /// <exception cref="InvalidOperationException">Code, company or address belongs to somebody else.</exception>
    Task<TenantId> FoundAsync(TenantFounding founding, CancellationToken cancellationToken);
}

/// <param name="Code">The tenant's short name, unique.</param>
/// <param name="RegistrationNumber">Unique within the country.</param>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="Email">The administrator's.</param>
public sealed record TenantFounding(string Code, string LegalName, string RegistrationNumber, string Address, string Country, string Email, string Password)
{
    public override string ToString() => $"founding of {Code}";
}
