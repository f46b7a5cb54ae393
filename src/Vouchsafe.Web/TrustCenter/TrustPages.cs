using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Assurance.Publishing;
using Vouchsafe.Assurance.Sightings;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Web.Layout;

namespace Vouchsafe.Web.TrustCenter;

/// <summary>The trust page, under both of its addresses.</summary>
internal static class TrustPages
{
    private const string Why = "what is promised, and what was seen of it, is for everybody";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/trust", ShowAsync).WithName("trust").WithSummary("The trust page").Produces(StatusCodes.Status200OK, contentType: "text/html").OpenToAnybody(Why);
        endpoints.MapGet("/pages/trust-security.html", ShowAsync).WithName("trust-security").WithSummary("The trust page, under its older address")
            .Produces(StatusCodes.Status200OK, contentType: "text/html").OpenToAnybody(Why);
    }

    private static async Task<RazorComponentResult<TrustPage>> ShowAsync(HttpContext context, Posture posture, ClaimBoard board, StatementSigner signer, TimeProvider time, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (states, history) = await board.ReadAsync(now, cancellationToken);
        var view = new TrustView(posture, states, history, now, OriginOf(context), await signer.PublicKeyAsync(cancellationToken));
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers.Vary = "Accept-Language, Cookie";
        return new RazorComponentResult<TrustPage>(new { View = view, Frame = Frame.Of(context) });
    }

    /// <summary>The address that the operator gave the instance; without one, that under which the visitor reached it.</summary>
    internal static string OriginOf(HttpContext context) =>
        context.RequestServices.GetService<IConfiguration>()?["Vouchsafe:Edge:PublicOrigin"] is { Length: > 0 } origin
            ? origin.TrimEnd('/')
            : $"{context.Request.Scheme}://{context.Request.Host}";
}
