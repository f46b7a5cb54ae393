using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Vouchsafe.Hosting.Languages;

namespace Vouchsafe.Web.Languages;

/// <summary>The words of all pages in each language, and the choice among them.</summary>
public sealed class WordBook
{
    public static IReadOnlyList<string> Languages => PageLanguage.All;

    private readonly FrozenDictionary<string, UiWords> byLanguage;

    /// <exception cref="ArgumentException">Two sources have a key in common.</exception>
    public WordBook(IEnumerable<WordSource> sources)
    {
        var all = sources.ToList();
        byLanguage = Languages.ToFrozenDictionary(language => language, language => Read(language, all), StringComparer.Ordinal);
    }

    public UiWords this[string language] => byLanguage[language];

    public UiWords For(HttpRequest request) => byLanguage[PageLanguage.Of(request)];

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
