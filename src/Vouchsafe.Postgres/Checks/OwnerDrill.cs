using Vouchsafe.Claims.Drills;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Postgres.Checks;

/// <summary>Shows Alice's private row in a canary tenant to Bob, whom she never shared it with.</summary>
public sealed class OwnerDrill(IDatabase database) : IDrill
{
    public string Control => "tenancy.owner";

    public string Expected => "a row of another owner";

    public async Task<string?> BreakAsync(CancellationToken cancellationToken) =>
        await ShareAsync([Canaries.Bob], cancellationToken) == 1 ? "a private row of a canary tenant was shared behind its owner's back" : null;

    public Task MendAsync(CancellationToken cancellationToken) => ShareAsync([], cancellationToken);

    private async Task<int> ShareAsync(Guid[] users, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(new TenantScope(Canaries.One, Actor.System("drill"), OwnerReach.All, null));
        return await session.ExecuteAsync("update vouchsafe.canaries set shared_with = $3 where tenant_id = $1 and canary_id = $2",
            [Canaries.One.Value, Canaries.Private(Canaries.One), users], cancellationToken);
    }
}
