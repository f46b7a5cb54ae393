using System.Collections.Concurrent;
using System.Globalization;
using Vouchsafe.Tenants.SigningUp;

namespace Vouchsafe.Web.Languages;

/// <summary>
/// The countries of ISO 3166-1, named in each language of the pages and in its order (Unicode CLDR, as the framework brings it).
/// </summary>
public static class CountryNames
{
    private static readonly ConcurrentDictionary<string, IReadOnlyList<(string Code, string Name)>> ByLanguage = new();

    /// <summary>Codes and names, sorted as the language sorts.</summary>
    public static IReadOnlyList<(string Code, string Name)> In(UiWords words) => ByLanguage.GetOrAdd(words.Language, _ => List(words));

    private static (string Code, string Name)[] List(UiWords words) =>
        [.. CountryCode.All.Select(code => (Code: code, Name: NameOf(words.Language, code)))
            .OrderBy(country => country.Name, words.Culture.CompareInfo.GetStringComparer(CompareOptions.None))];

    // A region's own name is that of its culture's language: "et-DE" calls itself Saksamaa.
    // DisplayName would go by the language that the process happened to ask in first.
    private static string NameOf(string language, string code) => new RegionInfo($"{language}-{code}").NativeName;
}
