using Vouchsafe.Claims.Drills;
using Vouchsafe.Tenants.Canaries;
using Vouchsafe.Tenants.Checks;

namespace Vouchsafe.Tenants.Drills;

/// <summary>The directory names another company for a canary than the one that signed up.</summary>
internal sealed class ControllerDrill(CanaryTenants canaries) : IDrill
{
    public string Control => ControllerIdentityCheck.Named;

    public string Expected => "doesn't have the legalName";

    public async Task<string?> BreakAsync(CancellationToken cancellationToken) =>
        await canaries.SetNameAsync(await canaries.LastingAsync(cancellationToken), "Somebody else OÜ", cancellationToken)
            ? "a canary tenant's agreement names another company" : null;

    public async Task MendAsync(CancellationToken cancellationToken) =>
        await canaries.SetNameAsync(await canaries.LastingAsync(cancellationToken), canaries.Form(Canary.Lasting).LegalName!, cancellationToken);
}
