using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.ActionLog;
using Vouchsafe.Identity.Members;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Web.Layout;

namespace Vouchsafe.Web.Console.Trail;

/// <summary>The tenant's audit trail, for its administrators. The export is that of <c>/audit/export.json</c>.</summary>
internal static class TrailPages
{
    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGroup("/audit").TenantsAlone().ExcludeFromDescription().MapGet("", ShowAsync).RequirePermission("audit.read").ReadsPersonalData("audit entries");

    private static async Task<IResult> ShowAsync(HttpContext context, IDatabase database, TrailReader reader, MemberStore members)
    {
        var (query, wrong) = TrailQuery.Read(context.Request.Query);
        var stop = context.RequestAborted;
        await using var session = database.Tenant(Caller.Required(context).Scope);
        var (entries, next) = wrong.Count == 0 ? await TrailSearch.Over(reader, session, stop).FindAsync(query) : ([], null);
        return FramedPage.Show<TrailPage>(context, new()
        {
            [nameof(TrailPage.Query)] = query,
            [nameof(TrailPage.Wrong)] = wrong,
            [nameof(TrailPage.Entries)] = entries,
            [nameof(TrailPage.People)] = (await members.ListAsync(session.Scope.Tenant, stop)).ToDictionary(member => $"user:{member.User:D}", member => member.Email),
            [nameof(TrailPage.Next)] = next,
            [nameof(TrailPage.Checkpoint)] = (await reader.CheckpointAsync(session, stop))?.ToString(),
            [nameof(TrailPage.Key)] = (await reader.VerifierAsync(session, stop))?.ToString(),
        }, wrong.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);
    }
}
