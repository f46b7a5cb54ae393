using Vouchsafe.Audit.Trail;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Tenants.Directory;
using Vouchsafe.Tenants.SigningUp;

namespace Vouchsafe.Tenants.Contract;

/// <summary>Corrects the registered details of a tenant's company. They can change; they can't go missing.</summary>
internal sealed class CompanyCorrection(IDatabase database, TenantStore tenants, RegistrationClaims claims)
{
    /// <param name="company">Held to the <see cref="CompanyRules"/> before.</param>
    /// <remarks>A registration that another tenant holds is accepted and contested, and the same is done for one that nobody holds: whether a company is a customer isn't told.</remarks>
    public async Task CorrectAsync(TenantScope scope, Company company, CancellationToken cancellationToken)
    {
        var (name, registration, office, country) = company;
        using var turn = await claims.TakeTurnAsync(cancellationToken);
        await using var session = database.Tenant(scope);
        await session.BeginAsync(cancellationToken);
        var changed = await session.SingleOrDefaultAsync("select tenants.correct($1, $2, $3, $4, $5, $6)",
            [scope.Tenant.Value, name, registration, office, country, session.Now], row => row.IsDBNull(0) ? (bool?)null : row.GetBoolean(0), cancellationToken);
        if (changed is { } contested)
        {
            await session.RecordAsync(new AuditEvent("tenant.corrected", [
                new AuditField("legal-name", name), new AuditField("registration-number", registration),
                new AuditField("address", office), new AuditField("country", country)]), cancellationToken);
            await claims.RecordAsync(scope.Tenant, contested, cancellationToken);
        }
        await session.CommitAsync(cancellationToken);
        tenants.Forget(scope.Tenant);
    }
}
