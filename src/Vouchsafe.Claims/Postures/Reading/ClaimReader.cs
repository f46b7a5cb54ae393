using System.Text.RegularExpressions;
using Vouchsafe.Claims.Wording;
using Vouchsafe.Claims.Yaml;

namespace Vouchsafe.Claims.Postures.Reading;

/// <summary>Reads the list of claims.</summary>
internal static partial class ClaimReader
{
    private const int LongestText = 1_000;
    private static readonly string[] Kinds = ["enforced", "operated", "attested", "published"];

    public static List<ClaimDraft> ReadAll(YamlNode? node, IReadOnlyList<Language> languages, ErrorList errors)
    {
        var claims = new List<ClaimDraft>();
        var seen = new Dictionary<string, Place>(StringComparer.Ordinal);
        foreach (var item in Shapes.Sequence(node, "claims", errors)?.Items ?? [])
        {
            if (Read(item, languages, errors) is not { } claim) continue;
            if (seen.TryAdd(claim.Id, claim.At))
                claims.Add(claim);
            else
                errors.Add(PostureFault.DuplicateClaim, claim.At, $"The claim {claim.Id} stands here a second time; it stood in line {seen[claim.Id].Line} before.");
        }
        if (node is YamlSequence { Items.Count: 0 })
            errors.Add(PostureFault.NoClaims, node.At, "A posture makes at least one claim.");
        return claims;
    }

    private static ClaimDraft? Read(YamlNode node, IReadOnlyList<Language> languages, ErrorList errors)
    {
        if (Shapes.Mapping(node, "A claim", errors) is not { } mapping) return null;
        Shapes.Keys(mapping, "A claim", ["id", "kind", "area", "text"], ["controls", "since", "withdrawn"], errors);
        var id = Shapes.Text(mapping["id"], "A claim's id", 32, Id(), errors);
        var kind = Kind(mapping["kind"], errors);
        var area = Shapes.Text(mapping["area"], "A claim's area", 40, Area(), errors);
        var texts = Texts(mapping["text"], $"The text of {id}", languages, errors);
        var withdrawn = Withdrawal(mapping["withdrawn"], languages, errors);
        var since = Shapes.Date(mapping["since"], "since", errors);
        if (since is { } first && withdrawn is { } last && last.Date < first)
            errors.Add(PostureFault.Contradiction, mapping["withdrawn"]!.At, $"The claim {id} is withdrawn before the date since which it is promised.");
        var controls = Shapes.Mapping(mapping["controls"], "controls", errors) is { } given ? ControlReader.ReadAll(given, errors) : [];
        if ((mapping["controls"] is null or YamlMapping { Entries.Count: 0 }) && mapping["withdrawn"] is null)
            errors.Add(PostureFault.NoControls, mapping.At, $"The claim {id} names no control: nothing would make it true, and nothing could check it.");
        return id is null || area is null ? null : new ClaimDraft(id, mapping["id"]!.At, kind, area, texts, controls, since, withdrawn);
    }

    private static ClaimKind Kind(YamlNode? node, ErrorList errors)
    {
        if (node is null) return default;
        var index = node is YamlScalar scalar ? Array.IndexOf(Kinds, scalar.Text) : -1;
        if (index < 0) errors.Add(PostureFault.InvalidValue, node.At, $"A claim's kind is one of: {string.Join(", ", Kinds)}.");
        return (ClaimKind)Math.Max(index, 0);
    }

    private static WithdrawalDraft? Withdrawal(YamlNode? node, IReadOnlyList<Language> languages, ErrorList errors)
    {
        if (Shapes.Mapping(node, "withdrawn", errors) is not { } mapping) return null;
        Shapes.Keys(mapping, "A withdrawal", ["date", "reason"], [], errors);
        var date = Shapes.Date(mapping["date"], "The date of a withdrawal", errors);
        var texts = Texts(mapping["reason"], "The reason of a withdrawal", languages, errors);
        foreach (var text in texts.Where(text => text.Template.Placeholders.Any()))
            errors.Add(PostureFault.UnknownPlaceholder, text.At, "The reason of a withdrawal can't name figures: nothing gives them any more.");
        var reasons = texts.ToDictionary(text => text.Language, text => text.Template.Render(place => place.ToString()));
        return date is { } day ? new WithdrawalDraft(day, reasons) : null;
    }

    /// <summary>A text in every language of the posture, and in no other.</summary>
    private static List<TextDraft> Texts(YamlNode? node, string what, IReadOnlyList<Language> languages, ErrorList errors)
    {
        var texts = new List<TextDraft>();
        if (Shapes.Mapping(node, what, errors) is not { } mapping) return texts;
        foreach (var entry in mapping.Entries)
        {
            if (languages.All(language => language.Code != entry.Key))
                errors.Add(PostureFault.UnknownKey, entry.At, $"{what} is in \"{ErrorList.Shown(entry.Key)}\", which the posture doesn't list among its languages.");
            else if (Shapes.Text(entry.Value, what, LongestText, null, errors) is not { } source)
                continue;
            else if (Template.Parse(source, out var fault) is { } template)
                texts.Add(new TextDraft(entry.Value.At, entry.Key, template));
            else
                errors.Add(PostureFault.BrokenTemplate, entry.Value.At, $"{what}: {ErrorList.Shown(fault)}.");
        }
        foreach (var language in languages)
            if (mapping[language.Code] is null)
                errors.Add(PostureFault.MissingText, mapping.At, $"{what} is missing in {language.Code}.");
        return texts;
    }

    [GeneratedRegex(@"\A[A-Z][A-Z0-9]{0,7}-[0-9]{1,4}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Id();

    [GeneratedRegex(@"\A[a-z][a-z -]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Area();
}
