using Vouchsafe.Claims.Drills;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Canaries;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Identity.Checks;

/// <summary>A canary's ordinary member becomes its administrator, and nobody is told.</summary>
internal sealed class RolesDrill(IdentityCanary canary, ICanaryTenants tenants, IDatabase database) : IDrill
{
    public string Control => RoleMatrix.Control;

    public string Expected => "to user, who may not come";

    public async Task<string?> BreakAsync(CancellationToken cancellationToken) =>
        await ChangeAsync(Roles.User, Roles.Admin, cancellationToken) ? "a canary's ordinary member was made its administrator" : null;

    public Task MendAsync(CancellationToken cancellationToken) => ChangeAsync(Roles.Admin, Roles.User, cancellationToken);

    private async Task<bool> ChangeAsync(string from, string to, CancellationToken cancellationToken)
    {
        var tenant = await tenants.LastingAsync(cancellationToken);
        var member = await canary.MemberAsync(tenant, Roles.User, cancellationToken);
        await using var session = database.Platform(Actor.System("identity.drill"));
        return await session.ExecuteAsync("update identity.memberships set role = $4 where tenant_id = $1 and user_id = $2 and role = $3",
            [tenant.Value, member, from, to], cancellationToken) == 1;
    }
}
