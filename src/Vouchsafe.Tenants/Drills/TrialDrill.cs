using Vouchsafe.Claims.Drills;
using Vouchsafe.Tenants.Canaries;
using Vouchsafe.Tenants.SigningUp;

namespace Vouchsafe.Tenants.Drills;

/// <summary>A canary whose trial ended is let write: it gets a subscription that nobody concluded.</summary>
internal sealed class TrialDrill(CanaryTenants canaries) : IDrill
{
    public string Control => TrialOptions.Control;

    public string Expected => "whose trial ended is answered with";

    public async Task<string?> BreakAsync(CancellationToken cancellationToken) =>
        await canaries.SetSubscribedAsync(await canaries.FoundAsync(Canary.Ended, cancellationToken), subscribed: true, cancellationToken)
            ? "a canary tenant past its trial was let write" : null;

    public async Task MendAsync(CancellationToken cancellationToken) =>
        await canaries.SetSubscribedAsync(await canaries.FoundAsync(Canary.Ended, cancellationToken), subscribed: false, cancellationToken);
}
