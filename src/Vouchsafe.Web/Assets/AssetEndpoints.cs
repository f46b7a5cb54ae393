using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vouchsafe.Hosting.Access;

namespace Vouchsafe.Web.Assets;

/// <summary>The sheet, the script and the icon, served from the assembly under names that change with their content.</summary>
internal static class AssetEndpoints
{
    private static readonly FrozenDictionary<string, Asset> ByName = new[]
    {
        Read("vouchsafe.css", "text/css; charset=utf-8"),
        Read("vouchsafe.js", "text/javascript; charset=utf-8"),
        Read("vouchsafe.svg", "image/svg+xml"),
    }.ToFrozenDictionary(asset => asset.Name, StringComparer.Ordinal);

    public static string Sheet { get; } = PathOf(".css");

    public static string Script { get; } = PathOf(".js");

    public static string Icon { get; } = PathOf(".svg");

    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/assets/{name}", Serve).WithName("asset").ExcludeFromDescription().OpenToAnybody("pages that are open to anybody are made of them");

    private static IResult Serve(string name, HttpContext context)
    {
        if (!ByName.TryGetValue(name, out var asset))
            return TypedResults.NotFound();
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return TypedResults.Bytes(asset.Content, asset.Type);
    }

    private static string PathOf(string ending) => "/assets/" + ByName.Keys.Single(name => name.EndsWith(ending, StringComparison.Ordinal));

    private static Asset Read(string file, string type)
    {
        using var stream = typeof(AssetEndpoints).Assembly.GetManifestResourceStream(file)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        var hash = Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 6));
        return new Asset($"{Path.GetFileNameWithoutExtension(file)}.{hash}{Path.GetExtension(file)}", type, content);
    }

    private sealed record Asset(string Name, string Type, byte[] Content);
}
