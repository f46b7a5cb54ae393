using Microsoft.AspNetCore.Http;

namespace Vouchsafe.Identity.Devices;

/// <summary>
/// Remembers in a browser that an account signed in there. It opens nothing and stands for nobody: it lets its
/// account's password be tried where strangers have used up what they may (OWASP: Slow Down Online Guessing Attacks
/// with Device Cookies).
/// </summary>
internal static class DeviceCookie
{
    public const string Name = "__Host-device";

    public static DeviceTokens Read(HttpRequest request) => DeviceTokens.Parse(request.Cookies[Name]);

    public static void Write(HttpResponse response, DeviceTokens tokens) => response.Cookies.Append(Name, tokens.Text,
        new() { Secure = true, HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/", IsEssential = true, MaxAge = TrustedDevices.TrustedFor });
}
