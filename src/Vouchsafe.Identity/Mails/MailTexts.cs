using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Vouchsafe.Hosting.Languages;

namespace Vouchsafe.Identity.Mails;

/// <summary>
/// The texts of the mails in each language, from <c>mail.{language}.json</c>. A text that is missing is a defect of the build:
/// a test holds the languages to each other.
/// </summary>
internal static class MailTexts
{
    private static readonly FrozenDictionary<string, FrozenDictionary<string, string>> ByLanguage =
        PageLanguage.All.ToFrozenDictionary(language => language, Read, StringComparer.Ordinal);

    /// <summary>The keys of one language.</summary>
    public static IEnumerable<string> Keys(string language) => ByLanguage[language].Keys;

    /// <exception cref="KeyNotFoundException">There is no such text.</exception>
    public static string Text(string language, string key) => ByLanguage[language][key];

    /// <summary>The text, where the kind of mail has one.</summary>
    public static string? Optional(string language, string key) => ByLanguage[language].GetValueOrDefault(key);

    /// <summary>A moment in UTC, as the language writes it in a sentence.</summary>
    public static string Moment(string language, DateTimeOffset time) =>
        time.UtcDateTime.ToString(Text(language, "time"), CultureInfo.GetCultureInfo(language));

    private static FrozenDictionary<string, string> Read(string language)
    {
        using var stream = typeof(MailTexts).Assembly.GetManifestResourceStream($"mail.{language}.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
