using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vouchsafe.Hosting.Problems;

namespace Vouchsafe.Hosting.Access;

/// <summary>
/// Lets a request through to its endpoint only where the endpoint is open on purpose, or the caller holds all it asks for.
/// Everything else is refused, so that an endpoint which somebody forgot is closed.
/// </summary>
/// <remarks>Built with the pipeline, before the server listens: an endpoint that nobody decided about stops the start-up.</remarks>
internal sealed class PermissionGate
{
    private readonly RequestDelegate next;
    private readonly ITenantStanding? standing;

    public PermissionGate(RequestDelegate next, EndpointCatalogue catalogue, IServiceProvider services)
    {
        catalogue.Demand();
        this.next = next;
        standing = (ITenantStanding?)services.GetService(typeof(ITenantStanding));
    }

    public async Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        // No endpoint: the answer will be 404. No route: routing's own answer to a wrong method or media type.
        if (endpoint is not RouteEndpoint)
        {
            await next(context);
            return;
        }

        var caller = Caller.Of(context);
        switch (Judge(endpoint, caller))
        {
            case Judgement.SignIn:
                await AskToSignIn(context);
                return;
            case Judgement.Refuse:
                await Problem.WriteAsync(context, ProblemKind.Forbidden);
                return;
        }

        if (caller?.Tenant is not null && !await MayTouch(context, endpoint, caller)) return;
        await next(context);
    }

    internal static Judgement Judge(Endpoint endpoint, Caller? caller)
    {
        var permissions = endpoint.Metadata.GetOrderedMetadata<IPermission>();
        if (permissions.Count == 0) return caller is null ? Judgement.SignIn : Judgement.Refuse;
        foreach (var permission in permissions)
        {
            if (permission.Permission.Name is not { } asked) continue;
            if (caller is null) return Judgement.SignIn;
            if (!caller.Permissions.Contains(asked)) return Judgement.Refuse;
        }
        return Judgement.Pass;
    }

    private async ValueTask<bool> MayTouch(HttpContext context, Endpoint endpoint, Caller caller)
    {
        if (standing is null || endpoint.Metadata.GetMetadata<OpenWhenReadOnly>() is not null) return true;
        var now = await standing.OfAsync(caller.Tenant!.Value, context.RequestAborted);
        if (now == Standing.Active) return true;
        if (!IsSafe(context.Request.Method))
        {
            await Problem.WriteAsync(context, now switch
            {
                Standing.TrialEnded => StandingProblems.TrialEnded,
                Standing.Cancelled => StandingProblems.Cancelled,
                _ => ProblemKind.Forbidden,
            });
            return false;
        }
        // A safe method that writes after all is stopped by the database: its transactions are READ ONLY.
        context.Features.Set(caller with { ReadOnly = true });
        return true;
    }

    private static async Task AskToSignIn(HttpContext context)
    {
        var request = context.Request;
        if (IsPage(request))
        {
            var back = request.PathBase + request.Path + request.QueryString;
            context.Response.Headers.CacheControl = "no-store";
            context.Response.Redirect("/sign-in" + QueryString.Create("return", LocalPath.Or(back, "/")));
            return;
        }
        context.Response.Headers.WWWAuthenticate = "Bearer";
        await Problem.WriteAsync(context, ProblemKind.Unauthenticated);
    }

    private static bool IsPage(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && !request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        && request.Headers.Accept.Any(accept => accept?.Contains("text/html", StringComparison.OrdinalIgnoreCase) == true);

    internal static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    internal enum Judgement
    {
        Pass,
        SignIn,
        Refuse,
    }
}

public static class PermissionGateExtensions
{
    /// <summary>Puts the gate between authentication and the endpoints.</summary>
    public static IApplicationBuilder UsePermissionGate(this IApplicationBuilder app) => app.UseMiddleware<PermissionGate>();
}
