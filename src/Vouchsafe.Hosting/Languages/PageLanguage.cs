using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Vouchsafe.Hosting.Languages;

/// <summary>The languages that people are written to in, and which of them a request asks for.</summary>
public static class PageLanguage
{
    /// <summary>Of the cookie with the language that a visitor chose, bound to this host (<c>__Host-</c>, RFC 6265bis §4.1.3.2).</summary>
    public const string Cookie = "__Host-language";

    /// <summary>Of the query: asks for a language and has it kept.</summary>
    public const string Parameter = "lang";

    private const string Otherwise = "en";

    /// <summary>ISO 639-1, in the order in which they are offered.</summary>
    public static IReadOnlyList<string> All { get; } = ["en", "et", "es", "fr", "uk"];

    /// <summary>The language of the request that is being answered; English where nobody asked for one that there is.</summary>
    public static string Current => Known(CultureInfo.CurrentUICulture.TwoLetterISOLanguageName) ?? Otherwise;

    /// <summary>
    /// The language asked for by <c>?lang=</c>, else the one chosen before (a cookie), else the first of Accept-Language
    /// (RFC 9110, section 12.5.4) that there is, else English.
    /// </summary>
    public static string Of(HttpRequest request)
    {
        if ((Asked(request) ?? Kept(request)) is { } chosen) return chosen;
        if (StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptLanguage, out var accepted))
            foreach (var value in accepted.Take(20).OrderByDescending(value => value.Quality ?? 1))
                if (Known(value.Value.Value?.Split('-')[0]) is { } found)
                    return found;
        return Otherwise;
    }

    public static string? Asked(HttpRequest request) => Known(request.Query[Parameter] is [{ } asked] ? asked : null);

    public static string? Kept(HttpRequest request) => Known(request.Cookies[Cookie]);

    /// <summary>The language as it is listed; null where it is none of these.</summary>
    public static string? Known(string? language) => All.FirstOrDefault(known => known == language);

    /// <summary>
    /// Lets everything that answers a request know its language, as the framework does it: by the culture of the user interface.
    /// Numbers and dates stay as they are.
    /// </summary>
    public static IApplicationBuilder UsePageLanguage(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(Of(context.Request));
        await next(context);
    });
}
