using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Vouchsafe.Web.Languages;

/// <summary>The words of the pages in one language. A word that is missing is a defect of the build: a test holds the languages to each other.</summary>
public sealed class UiWords
{
    private static readonly FrozenDictionary<string, UiWords> All =
        new[] { "en", "fr", "es", "et", "uk" }.Select(Read).ToFrozenDictionary(words => words.Language, StringComparer.Ordinal);

    private readonly FrozenDictionary<string, string> words;

    private UiWords(string language, FrozenDictionary<string, string> words)
    {
        this.words = words;
        Language = language;
        Culture = CultureInfo.GetCultureInfo(language);
    }

    /// <summary>ISO 639-1.</summary>
    public string Language { get; }

    public CultureInfo Culture { get; }

    public static IEnumerable<string> Languages => All.Keys.Order(StringComparer.Ordinal);

    public IEnumerable<string> Keys => words.Keys;

    public string this[string key] => words[key];

    public string Format(string key, params object[] values) => string.Format(Culture, words[key], values);

    public static UiWords Of(string language) => All[language];

    public static string NameOf(string language) => All.TryGetValue(language, out var known) ? known["language"] : language;

    /// <summary>The language asked for by <c>?lang=</c>, else the first of Accept-Language (RFC 9110, section 12.5.4) that is offered, else the first offered.</summary>
    public static UiWords For(HttpRequest request, IReadOnlyList<string> offered)
    {
        if (request.Query["lang"] is [{ } asked] && offered.Contains(asked) && All.TryGetValue(asked, out var chosen))
            return chosen;
        if (StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptLanguage, out var accepted))
            foreach (var value in accepted.Take(20).OrderByDescending(value => value.Quality ?? 1))
                if (value.Value.Value?.Split('-')[0] is { } language && offered.Contains(language) && All.TryGetValue(language, out var found))
                    return found;
        return All.GetValueOrDefault(offered[0], All["en"]);
    }

    private static UiWords Read(string language)
    {
        using var stream = typeof(UiWords).Assembly.GetManifestResourceStream($"words.{language}.json")!;
        return new UiWords(language, JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!.ToFrozenDictionary(StringComparer.Ordinal));
    }
}
