using System.Text.RegularExpressions;
using Vouchsafe.Claims.Wording;
using Vouchsafe.Claims.Yaml;

namespace Vouchsafe.Claims.Postures.Reading;

/// <summary>Reads the outer shape of a posture: name, company, languages, claims, settings.</summary>
internal static partial class DocumentReader
{
    public static PostureDocument? Read(YamlNode? root, ErrorList errors)
    {
        if (root is null)
        {
            if (!errors.Any) errors.Add(PostureFault.MissingKey, new Place(1, 1), "The posture is empty.");
            return null;
        }
        if (Shapes.Mapping(root, "A posture", errors) is not { } mapping) return null;
        Shapes.Keys(mapping, "A posture", ["posture", "company", "languages", "claims"], ["extends", "settings"], errors);
        var languages = Languages(mapping["languages"], errors);
        var company = CompanyOf(mapping["company"], errors);
        var claims = ClaimReader.ReadAll(mapping["claims"], languages, errors);
        var document = Common(mapping, errors);
        return document with { Company = company, Languages = languages, Claims = claims };
    }

    /// <summary>A base document holds settings and nothing else.</summary>
    public static PostureDocument? ReadBase(YamlNode? root, ErrorList errors)
    {
        if (root is null)
        {
            if (!errors.Any) errors.Add(PostureFault.MissingKey, new Place(1, 1), "The base document is empty.");
            return null;
        }
        if (Shapes.Mapping(root, "A base document", errors) is not { } mapping) return null;
        Shapes.Keys(mapping, "A base document", ["posture", "settings"], ["extends"], errors);
        return Common(mapping, errors);
    }

    private static PostureDocument Common(YamlMapping mapping, ErrorList errors)
    {
        var name = Shapes.Text(mapping["posture"], "The posture's name", 64, Name(), errors) ?? "";
        var extends = Shapes.Text(mapping["extends"], "What it extends", 64, Name(), errors);
        var settings = Shapes.Mapping(mapping["settings"], "Settings", errors) is { } given ? ControlReader.ReadAll(given, errors) : [];
        return new PostureDocument(name, mapping["posture"]?.At ?? mapping.At, extends, mapping["extends"]?.At ?? mapping.At, null, [], [], settings);
    }

    private static List<Language> Languages(YamlNode? node, ErrorList errors)
    {
        var languages = new List<Language>();
        if (Shapes.Sequence(node, "languages", errors) is not { } list) return languages;
        if (list.Items.Count == 0) errors.Add(PostureFault.MissingKey, list.At, "A posture speaks at least one language.");
        foreach (var item in list.Items)
        {
            if (Shapes.Text(item, "A language", 8, null, errors) is not { } code) continue;
            if (Language.Find(code) is not { } language)
                errors.Add(PostureFault.InvalidValue, item.At, $"\"{ErrorList.Shown(code)}\" is not one of the languages that figures can be said in: {string.Join(", ", Language.All.Select(known => known.Code))}.");
            else if (languages.Contains(language))
                errors.Add(PostureFault.InvalidValue, item.At, $"\"{code}\" stands twice.");
            else
                languages.Add(language);
        }
        return languages;
    }

    private static Company? CompanyOf(YamlNode? node, ErrorList errors)
    {
        if (Shapes.Mapping(node, "company", errors) is not { } mapping) return null;
        Shapes.Keys(mapping, "The company", ["name", "product", "country", "contacts"], [], errors);
        var contacts = new List<KeyValuePair<string, string>>();
        foreach (var entry in Shapes.Mapping(mapping["contacts"], "contacts", errors)?.Entries ?? [])
        {
            if (!Name().IsMatch(entry.Key)) errors.Add(PostureFault.InvalidValue, entry.At, "A contact's purpose is lower case with hyphens.");
            if (Shapes.Text(entry.Value, "A contact", 254, null, errors) is not { } address) continue;
            if (ContactAddress.IsValid(address)) contacts.Add(new(entry.Key, address));
            else errors.Add(PostureFault.InvalidValue, entry.Value.At, $"\"{ErrorList.Shown(address)}\" is neither an e-mail address nor an https address.");
        }
        if (mapping["contacts"] is YamlMapping { Entries.Count: 0 } none)
            errors.Add(PostureFault.MissingKey, none.At, "A company can be reached: name at least one contact.");
        var country = Shapes.Text(mapping["country"], "The country", 2, Country(), errors) ?? "";
        if (country.Length > 0 && !CountryCodes.Contains(country))
            errors.Add(PostureFault.InvalidValue, mapping["country"]!.At, $"\"{country}\" is not assigned to a country in ISO 3166-1.");
        return new Company(
            Shapes.Text(mapping["name"], "The company's name", 200, null, errors) ?? "",
            Shapes.Text(mapping["product"], "The product", 200, null, errors) ?? "",
            country,
            contacts);
    }

    [GeneratedRegex(@"\A[a-z][a-z0-9-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"\A[A-Z]{2}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Country();
}
