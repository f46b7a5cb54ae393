using Vouchsafe.Audit.Trail;
using Vouchsafe.Postgres.Errors;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Tenants.Directory;
using Vouchsafe.Tenants.SigningUp;

namespace Vouchsafe.Tenants.Contract;

/// <summary>Corrects the registered details of a tenant's company. They can change; they can't go missing.</summary>
internal sealed class CompanyCorrection(IDatabase database, TenantStore tenants)
{
    /// <param name="company">Held to the <see cref="CompanyRules"/> before.</param>
    /// <returns>False where the registration belongs to another tenant; nothing is changed then.</returns>
    public async Task<bool> CorrectAsync(TenantScope scope, Company company, CancellationToken cancellationToken)
    {
        var (name, registration, office, country) = company;
        await using var session = database.Tenant(scope);
        await session.BeginAsync(cancellationToken);
        try
        {
            var changed = await session.SingleOrDefaultAsync("select tenants.correct($1, $2, $3, $4, $5)",
                [scope.Tenant.Value, name, registration, office, country], row => row.GetBoolean(0), cancellationToken);
            if (changed)
                await session.RecordAsync(new AuditEvent("tenant.corrected", [
                    new AuditField("legal-name", name), new AuditField("registration-number", registration),
                    new AuditField("address", office), new AuditField("country", country)]), cancellationToken);
            await session.CommitAsync(cancellationToken);
        }
        catch (DatabaseRefusedException clash) when (clash is { Refusal: Refusal.Duplicate, Table: "tenants.tenants" })
        {
            return false;
        }
        tenants.Forget(scope.Tenant);
        return true;
    }
}
