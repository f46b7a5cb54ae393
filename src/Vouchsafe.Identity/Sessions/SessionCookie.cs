using Microsoft.AspNetCore.Http;

namespace Vouchsafe.Identity.Sessions;

/// <summary>The page session's cookie: <c>__Host-</c> binds it to this host over TLS (RFC 6265bis §4.1.3.2); scripts can't read it.</summary>
internal static class SessionCookie
{
    public const string Name = "__Host-vouchsafe";

    public static Secret? Read(HttpRequest request) => Secret.Parse(request.Cookies[Name]);

    public static void Write(HttpResponse response, Secret secret) => response.Cookies.Append(Name, secret.Text, Options());

    public static void Clear(HttpResponse response) => response.Cookies.Delete(Name, Options());

    // Lax, so that a link from a mail finds the reader signed in; what changes state asks for more: SameOrigin.
    private static CookieOptions Options() => new() { Secure = true, HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true };
}
