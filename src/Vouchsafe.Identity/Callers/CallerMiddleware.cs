using System.Collections.Frozen;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Problems;
using Vouchsafe.Identity.Sessions;
using Vouchsafe.Identity.Tokens;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Identity.Callers;

/// <summary>Establishes who sent a request: by its bearer token, or by its page session's cookie where it brings no Authorization header.</summary>
internal sealed class CallerMiddleware(RequestDelegate next, AccessTokens tokens, SessionStore sessions, RoleMatrix matrix)
{
    private static readonly ProblemKind CrossSite = new("cross-site-request", StatusCodes.Status403Forbidden, "This request didn't come from a page of this site.");

    private readonly FrozenDictionary<string, FrozenSet<string>> roleSets =
        Roles.All.ToFrozenDictionary(role => role, role => FrozenSet.Create(StringComparer.Ordinal, role), StringComparer.Ordinal);

    public async Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        var byToken = request.Headers.ContainsKey("Authorization");
        var cookie = byToken ? null : SessionCookie.Read(request);
        if (SameOrigin.IsSuspect(request, cookie is not null))
        {
            await Problem.WriteAsync(context, CrossSite);
            return;
        }

        var session = byToken ? await OfTokenAsync(request, context.RequestAborted)
            : cookie is not null ? await sessions.FindAsync(cookie, context.RequestAborted)
            : null;
        if (session is not null) context.Features.Set(CallerOf(session, context));
        await next(context);
    }

    private async ValueTask<LiveSession?> OfTokenAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        const string Scheme = "Bearer ";
        if (request.Headers.Authorization is not { Count: 1 } header
            || header[0] is not { } text || !text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            || tokens.Read(text[Scheme.Length..]) is not { } token)
            return null;
        var session = await sessions.FindAsync(token.Session, cancellationToken);
        // The token's tenant and user are those of its session, or somebody put together what doesn't belong together.
        return session is not null && session.User == token.User && session.Tenant.Value == token.Tenant ? session : null;
    }

    private Caller CallerOf(LiveSession session, HttpContext context) => new(
        session.User,
        session.Tenant == TenantId.System ? null : session.Tenant,
        roleSets[session.Role],
        matrix.Of(session.Role),
        session.Role == Roles.Admin ? OwnerReach.All : OwnerReach.Own,
        context.Connection.RemoteIpAddress ?? IPAddress.None)
    {
        Session = session.Id,
    };
}

public static class CallerExtensions
{
    /// <summary>Puts authentication between routing and the permission gate.</summary>
    public static IApplicationBuilder UseCallers(this IApplicationBuilder app) => app.UseMiddleware<CallerMiddleware>();
}
