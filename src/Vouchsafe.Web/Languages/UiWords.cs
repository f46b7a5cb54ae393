using System.Collections.Frozen;
using System.Globalization;

namespace Vouchsafe.Web.Languages;

/// <summary>The words of the pages in one language. A word that is missing is a defect of the build: a test holds the languages to each other.</summary>
public sealed class UiWords
{
    private readonly FrozenDictionary<string, string> words;

    internal UiWords(string language, FrozenDictionary<string, string> words)
    {
        this.words = words;
        Language = language;
        Culture = CultureInfo.GetCultureInfo(language);
    }

    /// <summary>ISO 639-1.</summary>
    public string Language { get; }

    public CultureInfo Culture { get; }

    public IEnumerable<string> Keys => words.Keys;

    /// <exception cref="KeyNotFoundException">There is no such word.</exception>
    public string this[string key] => words.TryGetValue(key, out var word) ? word : throw new KeyNotFoundException($"There is no word \"{key}\".");

    public string Format(string key, params object[] values) => string.Format(Culture, this[key], values);

    /// <summary>The word for something that others name, such as an area of a posture; their own name where there is none.</summary>
    public string Or(string key, string otherwise) => words.GetValueOrDefault(key, otherwise);
}
