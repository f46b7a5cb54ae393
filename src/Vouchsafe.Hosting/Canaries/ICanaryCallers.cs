using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Hosting.Canaries;

/// <summary>Callers for checks: canary users with real sessions and tokens. The Identity module answers.</summary>
public interface ICanaryCallers
{
    /// <summary>An access token for the tenant's canary user of a role; user and membership are made at first use.</summary>
    Task<string> TokenAsync(TenantId tenant, string role, CancellationToken cancellationToken);

    /// <summary>The password of these users, for what asks for it again.</summary>
    string Password { get; }

    /// <summary>The address of the user of a role.</summary>
    string Address(string role);
}
