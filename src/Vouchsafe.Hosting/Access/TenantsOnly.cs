using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vouchsafe.Hosting.Problems;

namespace Vouchsafe.Hosting.Access;

public static class TenantsOnly
{
    /// <summary>Refuses callers without a tenant: staff, should a posture give their role one of these permissions.</summary>
    public static RouteGroupBuilder TenantsAlone(this RouteGroupBuilder group)
    {
        group.AddEndpointFilter(async (invocation, next) =>
            Caller.Of(invocation.HttpContext)?.Tenant is null ? Problem.Of(ProblemKind.Forbidden) : await next(invocation));
        return group;
    }
}
