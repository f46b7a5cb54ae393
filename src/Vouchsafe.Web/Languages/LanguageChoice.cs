using Microsoft.AspNetCore.Http;
using Vouchsafe.Hosting.Languages;

namespace Vouchsafe.Web.Languages;

/// <summary>Keeps the language that a visitor chose, and leads to pages in others. The cookie says nothing of the visitor but this.</summary>
internal static class LanguageChoice
{
    /// <summary>Keeps what the request asks for, where that is news.</summary>
    public static void Keep(HttpContext context)
    {
        if (PageLanguage.Asked(context.Request) is { } asked && PageLanguage.Kept(context.Request) != asked && !context.Response.HasStarted)
            context.Response.Cookies.Append(PageLanguage.Cookie, asked,
                new CookieOptions { Secure = true, HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/", MaxAge = TimeSpan.FromDays(365), IsEssential = true });
    }

    /// <summary>The same page in another language.</summary>
    public static string Link(HttpRequest request, string language)
    {
        // The address of an answer to a form is none that a link can lead back to.
        if (!HttpMethods.IsGet(request.Method)) return "/" + QueryString.Create(PageLanguage.Parameter, language);
        var kept = request.Query.Where(pair => pair.Key != PageLanguage.Parameter).SelectMany(pair => pair.Value.Select(value => KeyValuePair.Create(pair.Key, value)));
        return request.Path + QueryString.Create([.. kept, KeyValuePair.Create(PageLanguage.Parameter, (string?)language)]);
    }
}
