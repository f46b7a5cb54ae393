using System.Net;
using System.Text.Json.Nodes;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Canaries;

namespace Vouchsafe.Identity.Checks;

/// <summary>
/// Control <c>roles.matrix</c>: every endpoint says who may come, and over the network nobody else does. What a role may do is tried
/// with GET alone; what it may not do is tried with every method, for a refusal changes nothing.
/// </summary>
internal sealed class RolesCheck(EndpointCatalogue endpoints, IdentityCanary canary, RoleMatrix matrix, UnacceptedInvitation invitation) : ICheck
{
    public string Control => RoleMatrix.Control;

    public Vantage Vantage => Vantage.Inside;

    public async Task<Finding> RunAsync(CheckContext context, CancellationToken cancellationToken)
    {
        var all = endpoints.All;
        var seen = new JsonObject { ["endpoints"] = all.Count };
        if (all.FirstOrDefault(entry => entry.Permissions.Count == 0 && entry.WhyOpen is null) is { } silent)
            return Finding.Broken($"{silent} names no permission.", seen);
        if (all.SelectMany(entry => entry.Permissions).FirstOrDefault(name => !matrix.Roles.Any(role => matrix.Of(role).Contains(name))) is { } orphan)
            return Finding.Broken($"The permission {orphan} is asked for by an endpoint and given to no role.", seen);

        var asked = 0;
        foreach (var role in (string?[])[null, .. Roles.All])
        {
            var token = role switch
            {
                null => null,
                Roles.PlatformAdmin => await canary.StaffTokenAsync(cancellationToken),
                _ => (await canary.SignInAsync(role, cancellationToken)).Tokens.AccessToken,
            };
            using var bearer = new OutsideClient(context.Target);
            foreach (var entry in all.Where(entry => entry.Permissions.Count > 0))
            {
                var may = role is not null && entry.Permissions.All(matrix.Of(role).Contains);
                var method = entry.Method == "*" ? "GET" : entry.Method;
                if (may && method != "GET")
                    continue;
                var status = await bearer.AskAsync(new HttpMethod(method), entry.Example, token, cancellationToken);
                asked++;
                var refused = status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;
                if (refused == may)
                    return Finding.Broken($"{entry} answers {(int)status} to {role ?? "nobody signed in"}, who {(may ? "may" : "may not")} come.", seen);
            }
        }

        var (admin, tenant, _) = await canary.SignInAsync(Roles.Admin, cancellationToken);
        if (await invitation.LookAsync(context.Target, tenant, admin.AccessToken, cancellationToken) is { } joined)
            return Finding.Broken($"Somebody has a role that they never accepted: {joined}.", seen);
        seen["requests"] = asked;
        return Finding.Held($"All {all.Count} endpoints say who may come; {asked} requests as nobody, {string.Join(", ", Roles.All)} were answered as the matrix says, and an invitation gave no role before it was accepted.", seen);
    }
}
