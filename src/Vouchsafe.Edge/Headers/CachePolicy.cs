using Microsoft.AspNetCore.Http;
using Vouchsafe.Hosting.Access;

namespace Vouchsafe.Edge.Headers;

/// <summary>
/// Which answers a cache may keep (RFC 9111): none, unless the endpoint is open to anybody and its handler says how. What a signed-in caller gets is kept
/// by nobody but where the handler says <c>public</c>, as of files that are the same for everybody.
/// </summary>
internal class CachePolicy
{
    private const string NoStore = "no-store";

    /// <summary>Called last of all, so that a handler that forgot, or allows too much, is overruled.</summary>
    internal virtual void Apply(HttpContext context)
    {
        var said = context.Response.Headers.CacheControl;
        if (said.Count == 0 || !IsOpen(context.GetEndpoint()) || (Caller.Of(context) is not null && !SaysPublic(said)))
            context.Response.Headers.CacheControl = NoStore;
    }

    private static bool IsOpen(Endpoint? endpoint) =>
        endpoint?.Metadata.GetOrderedMetadata<IPermission>() is { Count: > 0 } permissions && permissions.All(permission => permission.Permission.Name is null);

    private static bool SaysPublic(Microsoft.Extensions.Primitives.StringValues said) =>
        said.Any(value => value?.Split(',', StringSplitOptions.TrimEntries).Contains("public", StringComparer.OrdinalIgnoreCase) == true);
}
