using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Vouchsafe.Web.Languages;

/// <summary>The words of all pages in each language, and the choice among them.</summary>
public sealed class WordBook
{
    /// <summary>ISO 639-1, in the order in which they are offered.</summary>
    public static IReadOnlyList<string> Languages { get; } = ["en", "et", "es", "fr", "uk"];

    private readonly FrozenDictionary<string, UiWords> byLanguage;

    /// <exception cref="ArgumentException">Two sources have a key in common.</exception>
    public WordBook(IEnumerable<WordSource> sources)
    {
        var all = sources.ToList();
        byLanguage = Languages.ToFrozenDictionary(language => language, language => Read(language, all), StringComparer.Ordinal);
    }

    public UiWords this[string language] => byLanguage[language];

    /// <summary>
    /// The language asked for by <c>?lang=</c>, else the one chosen before (a cookie), else the first of Accept-Language
    /// (RFC 9110, section 12.5.4) that there is, else English.
    /// </summary>
    public UiWords For(HttpRequest request)
    {
        if (LanguageChoice.Asked(request) is { } asked) return byLanguage[asked];
        if (LanguageChoice.Kept(request) is { } kept) return byLanguage[kept];
        if (StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptLanguage, out var accepted))
            foreach (var value in accepted.Take(20).OrderByDescending(value => value.Quality ?? 1))
                if (value.Value.Value?.Split('-')[0] is { } language && byLanguage.TryGetValue(language, out var found))
                    return found;
        return byLanguage["en"];
    }

    private static UiWords Read(string language, IEnumerable<WordSource> sources)
    {
        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var source in sources)
        {
            using var stream = source.Assembly.GetManifestResourceStream($"words.{language}.json")
                ?? throw new ArgumentException($"{source.Assembly.GetName().Name} has no words.{language}.json.", nameof(sources));
            foreach (var (key, word) in JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!)
                if (!words.TryAdd(key, word)) throw new ArgumentException($"The word \"{key}\" of {source.Assembly.GetName().Name} is there already.", nameof(sources));
        }
        return new UiWords(language, words.ToFrozenDictionary(StringComparer.Ordinal));
    }
}
