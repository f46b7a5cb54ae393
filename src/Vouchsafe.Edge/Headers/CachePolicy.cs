using Microsoft.AspNetCore.Http;
using Vouchsafe.Hosting.Access;

namespace Vouchsafe.Edge.Headers;

/// <summary>
/// Which answers a cache may keep (RFC 9111): none, unless the endpoint is open to anybody and its handler says how. What a signed-in caller gets is kept
/// by nobody but where the handler says <c>public</c>, as of files that are the same for everybody, or where the endpoint allows
/// <see cref="PrivateCache"/> and the handler says <c>private</c>.
/// </summary>
internal class CachePolicy
{
    private const string NoStore = "no-store";

    /// <summary>Called last of all, so that a handler that forgot, or allows too much, is overruled.</summary>
    internal virtual void Apply(HttpContext context)
    {
        var said = context.Response.Headers.CacheControl;
        var endpoint = context.GetEndpoint();
        var allowed = IsOpen(endpoint)
            ? said.Count > 0 && (Caller.Of(context) is null || Says(said, "public"))
            : endpoint?.Metadata.GetMetadata<PrivateCache>() is not null && Says(said, "private");
        if (!allowed)
            context.Response.Headers.CacheControl = NoStore;
    }

    private static bool IsOpen(Endpoint? endpoint) =>
        endpoint?.Metadata.GetOrderedMetadata<IPermission>() is { Count: > 0 } permissions && permissions.All(permission => permission.Permission.Name is null);

    private static bool Says(Microsoft.Extensions.Primitives.StringValues said, string directive) =>
        said.Any(value => value?.Split(',', StringSplitOptions.TrimEntries).Contains(directive, StringComparer.OrdinalIgnoreCase) == true);
}
