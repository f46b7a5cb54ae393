using Microsoft.AspNetCore.Http;

namespace Vouchsafe.Identity.Callers;

/// <summary>
/// Whether a state-changing request came from a page of this origin. Browsers say so in headers that no script can set:
/// Sec-Fetch-Site (Fetch Metadata), else Origin (RFC 6454 §7). A request that says neither is refused.
/// </summary>
internal static class SameOrigin
{
    /// <summary>Whether a foreign page could have made the browser send this request with the user's standing, and nothing shows that none did.</summary>
    public static bool IsSuspect(HttpRequest request, bool carriesCookie)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method)) return false;
        // Forms cross origins without asking; they are held to it even where nobody is signed in (login CSRF).
        if (!carriesCookie && !IsForm(request.ContentType)) return false;
        var site = request.Headers["Sec-Fetch-Site"];
        if (site.Count > 0) return site.Count != 1 || site[0] != "same-origin";
        var origin = request.Headers.Origin;
        return origin.Count != 1 || !string.Equals(origin[0], $"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsForm(string? contentType)
    {
        var type = (contentType ?? "").Split(';', 2)[0].Trim();
        return type.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
            || type.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || type.Equals("text/plain", StringComparison.OrdinalIgnoreCase);
    }
}
