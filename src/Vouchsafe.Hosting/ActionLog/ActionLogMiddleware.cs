using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Hosting.ActionLog;

/// <summary>
/// Sees to it that each state-changing request and each read of personal data leaves an entry in the trail. An endpoint that
/// records what it did is left alone; for any other the request itself is recorded.
/// </summary>
/// <remarks>
/// It records before the first byte of the answer leaves: where that fails the caller gets an error and no data. A request
/// of nobody (sign-in, sign-up) has no user whose action it were; the modules record what comes of it.
/// </remarks>
internal sealed class ActionLogMiddleware(RequestDelegate next, IDatabase database, ActionLogCanary canary)
{
    public const string Event = "request.handled";

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is not RouteEndpoint endpoint || !Concerns(context, endpoint)
            || (Caller.Of(context) ?? canary.CallerOf(context, endpoint)) is not { } caller)
            return next(context);
        return RunAsync(context, endpoint, caller);
    }

    private async Task RunAsync(HttpContext context, RouteEndpoint endpoint, Caller caller)
    {
        var tally = RecordingTally.Open();
        var tried = false;
        context.Response.OnStarting(RecordOnceAsync);
        try
        {
            await next(context);
            // Here a failure still becomes an answer of its own; once an answer has begun, it can only be broken off.
            if (!context.Response.HasStarted)
                await RecordOnceAsync();
        }
        catch (Exception) when (!tried)
        {
            // Where nobody above writes an answer, the callback never runs: what was tried is recorded all the same.
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            await RecordOnceAsync();
            throw;
        }

        Task RecordOnceAsync()
        {
            if (tried)
                return Task.CompletedTask;
            tried = true;
            return RecordAsync(context, endpoint, caller, tally);
        }
    }

    private static bool Concerns(HttpContext context, Endpoint endpoint) =>
        !PermissionGate.IsSafe(context.Request.Method) || endpoint.Metadata.GetMetadata<ReadsPersonalDataAttribute>() is not null;

    private async Task RecordAsync(HttpContext context, RouteEndpoint endpoint, Caller caller, RecordingTally tally)
    {
        var scope = ScopeOf(caller);
        if (tally.Of(scope.Tenant) > 0)
            return;
        await using var session = database.Tenant(scope);
        // The client going away doesn't undo what was done for it.
        await session.RecordAsync(new AuditEvent(Event, Describe(context, endpoint)), CancellationToken.None);
    }

    private List<AuditField> Describe(HttpContext context, RouteEndpoint endpoint)
    {
        var fields = new List<AuditField>
        {
            new("method", context.Request.Method),
            new("route", endpoint.RoutePattern.RawText ?? ""),
            new("status", context.Response.StatusCode.ToString(CultureInfo.InvariantCulture)),
        };
        if (endpoint.Metadata.GetMetadata<ReadsPersonalDataAttribute>() is { } reads)
            fields.Add(new AuditField("reads", reads.What));
        if (canary.NonceOf(context) is { } nonce)
            fields.Add(new AuditField("canary", nonce));
        return fields;
    }

    /// <summary>The caller's tenant; for staff, who have none, the operator's own log.</summary>
    private static TenantScope ScopeOf(Caller caller) => caller.Tenant is { } tenant
        ? new TenantScope(tenant, Actor.User(caller.User), caller.Reach, caller.Address)
        : SystemLog.Scope(Actor.Staff(caller.User), caller.Address);
}

public static class ActionLogExtensions
{
    /// <summary>Puts the action log between the permission gate and the endpoints.</summary>
    public static IApplicationBuilder UseActionLog(this IApplicationBuilder app) => app.UseMiddleware<ActionLogMiddleware>().UseMiddleware<ProbeStop>();
}
