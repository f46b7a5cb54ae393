using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Vouchsafe.Hosting.Problems;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Hosting.AuditTrail;

/// <summary>How a log is served to monitors and to the caches between (C2SP tlog-tiles).</summary>
internal static class TileAnswers
{
    /// <summary>A year, as long as caches understand: what a full tile holds never changes.</summary>
    private const string Immutable = "max-age=31536000, immutable";

    /// <summary>Answers to exactly one spelling of an address: no escapes, other case, query or trailing slash, or a cache would hold one thing under many names.</summary>
    /// <param name="prefix">What the address begins with, up to the tile's own path.</param>
    public static TileAddress? AddressOf(HttpContext context, string prefix, bool entries)
    {
        var target = RawTarget(context);
        prefix = context.Request.PathBase + prefix;
        return target.StartsWith(prefix, StringComparison.Ordinal) ? TilePath.Parse(target[prefix.Length..], entries) : null;
    }

    /// <summary>Refuses other spellings of a fixed address.</summary>
    public static TBuilder SpelledOneWay<TBuilder>(this TBuilder builder, string path)
        where TBuilder : IEndpointConventionBuilder => builder.AddEndpointFilter(async (context, next) =>
            RawTarget(context.HttpContext) == context.HttpContext.Request.PathBase + path ? await next(context) : NotFound(context.HttpContext));

    /// <summary>A tile: a full one for good, with a validator; a partial one is gone as soon as the log grows.</summary>
    /// <param name="shared">Whether caches for many readers may keep it; else its reader's own alone.</param>
    public static IResult Tile(HttpContext context, TileAddress address, ReadOnlyMemory<byte> content, bool shared)
    {
        var headers = context.Response.Headers;
        if (address.Width < Vouchsafe.Transparency.Trees.Tile.FullWidth)
        {
            headers.CacheControl = "no-store";
            return Results.Bytes(content, "application/octet-stream");
        }

        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(content.Span)[..16])}\"";
        headers.CacheControl = (shared ? "public, " : "private, ") + Immutable;
        headers.ETag = tag;
        return context.Request.Headers.IfNoneMatch == tag ? Results.StatusCode(StatusCodes.Status304NotModified) : Results.Bytes(content, "application/octet-stream");
    }

    /// <summary>It may be there later, so nobody keeps the answer.</summary>
    public static IResult NotFound(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        return Problem.Of(ProblemKind.NotFound);
    }

    private static string RawTarget(HttpContext context) => context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
}
