using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Web.Languages;
using Xunit;

namespace Vouchsafe.Browser.Words;

/// <summary>Holds the five languages to each other and to the pages. No browser is needed for this, but both assemblies with words are.</summary>
public sealed partial class EveryWord
{
    private static readonly Assembly[] Sources = [typeof(WordBook).Assembly, typeof(Backoffice.Orders.OrdersModule).Assembly];

    public static TheoryData<string, string> Rows => new(Sources.SelectMany(source => WordBook.Languages.Select(language => (source.GetName().Name!, language))));

    [Theory, MemberData(nameof(Rows))]
    public void Has_the_same_keys_and_places_as_English(string source, string language)
    {
        var (english, words) = (Read(source, "en"), Read(source, language));
        Assert.Equal(english.Keys.Order(StringComparer.Ordinal), words.Keys.Order(StringComparer.Ordinal));
        Assert.All(words, word => Assert.False(string.IsNullOrWhiteSpace(word.Value), $"{word.Key} is blank."));
        Assert.All(words, word => Assert.Equal(Places(english[word.Key]), Places(word.Value)));
    }

    [Theory, MemberData(nameof(Rows))]
    public void Is_translated_and_not_copied(string source, string language)
    {
        if (language == "en") return;
        var (english, words) = (Read(source, "en"), Read(source, language));
        // Short words may agree by chance (audit, web, Trust); sentences don't.
        Assert.All(words.Where(word => word.Value.Contains(' ', StringComparison.Ordinal) && word.Value.Length > 30), word => Assert.NotEqual(english[word.Key], word.Value));
    }

    [Fact]
    public void Is_used_by_some_page()
    {
        var root = Root();
        var code = string.Concat(new[] { "src/Vouchsafe.Web", "samples/Backoffice" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(root, folder), "*", SearchOption.AllDirectories))
            .Where(file => Path.GetExtension(file) is ".razor" or ".cs" && !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
            .Select(File.ReadAllText));
        // A key stands in the code in full, or its beginning does, up to where a value follows: "kind." + …, $"landing.{…}".
        var beginnings = Beginning().Matches(code).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        var unused = Sources.SelectMany(source => Read(source.GetName().Name!, "en").Keys)
            .Where(key => !code.Contains($"\"{key}\"", StringComparison.Ordinal) && !beginnings.Any(beginning => key.StartsWith(beginning, StringComparison.Ordinal)))
            .ToList();
        Assert.Empty(unused);
    }

    [Theory, InlineData("apower-flex"), InlineData("apshan"), InlineData("clientflow"), InlineData("fluxi")]
    public void Names_every_area_of_a_posture(string posture)
    {
        var words = Read(typeof(WordBook).Assembly.GetName().Name!, "en");
        var areas = PostureFile.Load(Path.Combine(Root(), "postures", posture + ".yaml")).Claims.Select(claim => "area." + claim.Area.Replace(' ', '-')).Distinct();
        Assert.All(areas, area => Assert.Contains(area, words.Keys));
    }

    [Theory]
    [InlineData("en", "Germany")]
    [InlineData("et", "Saksamaa")]
    [InlineData("es", "Alemania")]
    [InlineData("fr", "Allemagne")]
    [InlineData("uk", "Німеччина")]
    public void Names_every_country(string language, string germany)
    {
        var countries = CountryNames.In(new WordBook([new WordSource(typeof(WordBook).Assembly)])[language]);
        Assert.Equal(249, countries.Select(country => country.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.All(countries, country => Assert.NotEqual(country.Code, country.Name));
        Assert.Equal(germany, countries.Single(country => country.Code == "DE").Name);
    }

    private static Dictionary<string, string> Read(string source, string language)
    {
        using var stream = Sources.Single(each => each.GetName().Name == source).GetManifestResourceStream($"words.{language}.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, string>>(stream, new JsonSerializerOptions { AllowDuplicateProperties = false })!;
    }

    private static IEnumerable<string> Places(string word) => Place().Matches(word).Select(match => match.Value).Order(StringComparer.Ordinal);

    private static string Root()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "Vouchsafe.slnx"))) return folder;
        throw new InvalidOperationException("The tests don't run within the repository.");
    }

    [GeneratedRegex(@"\{[0-9]+\}")]
    private static partial Regex Place();

    [GeneratedRegex("\"([a-z][a-zA-Z.-]*\\.)(?:\" \\+|\\{)")]
    private static partial Regex Beginning();
}
