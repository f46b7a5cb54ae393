using Microsoft.AspNetCore.Http;

namespace Vouchsafe.Web.Languages;

/// <summary>The language that a visitor chose, kept in a cookie bound to this host (<c>__Host-</c>, RFC 6265bis §4.1.3.2). It says nothing of the visitor but this.</summary>
internal static class LanguageChoice
{
    public const string Cookie = "__Host-language";
    public const string Parameter = "lang";

    public static string? Asked(HttpRequest request) => Known(request.Query[Parameter] is [{ } asked] ? asked : null);

    public static string? Kept(HttpRequest request) => Known(request.Cookies[Cookie]);

    /// <summary>Keeps what the request asks for, where that is news.</summary>
    public static void Keep(HttpContext context)
    {
        if (Asked(context.Request) is { } asked && Kept(context.Request) != asked && !context.Response.HasStarted)
            context.Response.Cookies.Append(Cookie, asked,
                new CookieOptions { Secure = true, HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/", MaxAge = TimeSpan.FromDays(365), IsEssential = true });
    }

    /// <summary>The same page in another language.</summary>
    public static string Link(HttpRequest request, string language)
    {
        // The address of an answer to a form is none that a link can lead back to.
        if (!HttpMethods.IsGet(request.Method)) return "/" + QueryString.Create(Parameter, language);
        var kept = request.Query.Where(pair => pair.Key != Parameter).SelectMany(pair => pair.Value.Select(value => KeyValuePair.Create(pair.Key, value)));
        return request.Path + QueryString.Create([.. kept, KeyValuePair.Create(Parameter, (string?)language)]);
    }

    private static string? Known(string? language) => language is not null && WordBook.Languages.Contains(language) ? language : null;
}
