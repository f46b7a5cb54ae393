using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vouchsafe.Assurance.Publishing;
using Vouchsafe.Assurance.Running;
using Vouchsafe.Assurance.Sightings;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Problems;
using Vouchsafe.Web.Layout;
using Vouchsafe.Web.TrustCenter;

namespace Vouchsafe.Web.Console.Operator;

/// <summary>How the claims stand, for the operator's staff, with a look on demand at each control.</summary>
internal static class OperatorPages
{
    private const string Path = "/operator";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var pages = endpoints.MapGroup(Path).ExcludeFromDescription();
        pages.MapGet("", ShowAsync).RequirePermission("assurance.read");
        pages.MapPost("/run/{control}", RunAsync).RequirePermission("assurance.run");
    }

    private static async Task<IResult> ShowAsync(HttpContext context, Posture posture, ClaimBoard claims, OperatorBoard board, CheckRunner runner, StatementSigner signer, TimeProvider time)
    {
        var (now, stop) = (time.GetUtcNow(), context.RequestAborted);
        var (states, history) = await claims.ReadAsync(now, stop);
        var durations = await board.DurationsAsync(stop);
        var controls = states.SelectMany(state => state.Controls).Where(control => runner.Controls.Contains(control.Control)).DistinctBy(control => control.Control).ToList();
        return FramedPage.Show<OperatorPage>(context, new()
        {
            [nameof(OperatorPage.View)] = new TrustView(posture, states, history, now, TrustPages.OriginOf(context), await signer.PublicKeyAsync(stop)),
            [nameof(OperatorPage.Only)] = context.Request.Query["verdict"] is [{ } asked] && Enum.TryParse<Verdict>(asked, ignoreCase: true, out var verdict) && Enum.IsDefined(verdict) ? verdict : null,
            [nameof(OperatorPage.Controls)] = controls.Select(control => (control, durations.TryGetValue(control.Control, out var took) ? took : (TimeSpan?)null)).ToList(),
            [nameof(OperatorPage.Nodes)] = await board.NodesAsync(stop),
            [nameof(OperatorPage.Rounds)] = await board.RoundsAsync(stop),
            [nameof(OperatorPage.Ran)] = context.Request.Query["ran"] is [{ } ran] ? controls.Find(control => control.Control == ran) : null,
        });
    }

    private static async Task<IResult> RunAsync(string control, HttpContext context, CheckRunner runner)
    {
        if (!runner.Controls.Contains(control)) return Problem.Of(ProblemKind.NotFound);
        await runner.RunAsync(control, context.RequestAborted);
        return SeeOther.To(context, Path + QueryString.Create("ran", control));
    }
}
