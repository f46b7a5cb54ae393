using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vouchsafe.Access.Running;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Postgres.Errors;
using Vouchsafe.Postgres.Sessions;

namespace Vouchsafe.Tenants.Tests.Trials;

/// <summary>The modules with two endpoints of a host: one that writes as it should, and one that writes in answer to a GET.</summary>
public sealed class TrialHost : AccessHost
{
    protected override void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/api/notes", WriteAsync).RequirePermission("tenant.read");
        endpoints.MapGet("/api/notes/careless", WriteAsync).RequirePermission("tenant.read");
        endpoints.MapPost("/api/notes/export", WriteAsync).RequirePermission("tenant.read").StaysOpenWhenReadOnly("one can always take one's data away");
    }

    private static async Task<IResult> WriteAsync(HttpContext context, IDatabase database)
    {
        await using var session = database.Tenant(Caller.Required(context).Scope);
        try
        {
            await session.RecordAsync(new AuditEvent("note.written"), context.RequestAborted);
            return Results.NoContent();
        }
        catch (DatabaseRefusedException refused) when (refused.Refusal == Refusal.ReadOnly)
        {
            return Results.StatusCode(StatusCodes.Status418ImATeapot);
        }
    }
}
