using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json.Nodes;
using Vouchsafe.Claims.Evidence;

namespace Vouchsafe.Claims.Postures.Reading;

/// <summary>The content of a posture as one sequence of bytes: docs/formats/posture.md, "Hash".</summary>
internal static class CanonicalPosture
{
    public static string Text(PostureDocument document, FrozenDictionary<string, Figures> figures) => CanonicalJson.Text(Content(document, figures));

    private static JsonObject Content(PostureDocument document, FrozenDictionary<string, Figures> figures)
    {
        var company = document.Company!;
        return new JsonObject
        {
            ["claims"] = new JsonArray([.. document.Claims.Select(Claim)]),
            ["company"] = new JsonObject
            {
                ["contacts"] = Sorted(company.Contacts.Select(contact => (contact.Key, (JsonNode)contact.Value))),
                ["country"] = company.Country,
                ["name"] = company.Name,
                ["product"] = company.Product,
            },
            ["figures"] = Sorted(figures.Select(pair => (pair.Key, (JsonNode)pair.Value.ToJson()))),
            ["languages"] = new JsonArray([.. document.Languages.Select(language => (JsonNode)language.Code)]),
            ["posture"] = document.Name,
        };
    }

    private static JsonNode Claim(ClaimDraft claim)
    {
        var json = new JsonObject
        {
            ["area"] = claim.Area,
            ["controls"] = new JsonArray([.. claim.Controls.Select(control => (JsonNode)control.Control.Id)]),
            ["id"] = claim.Id,
            ["kind"] = claim.Kind.ToString().ToLowerInvariant(),
        };
        if (claim.Since is { } since) json["since"] = Date(since);
        json["text"] = Sorted(claim.Texts.Select(text => (text.Language, (JsonNode)text.Template.Source)));
        if (claim.Withdrawn is { } withdrawn)
            json["withdrawn"] = new JsonObject { ["date"] = Date(withdrawn.Date), ["reason"] = Sorted(withdrawn.Reasons.Select(reason => (reason.Key, (JsonNode)reason.Value))) };
        return json;
    }

    private static string Date(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static JsonObject Sorted(IEnumerable<(string Key, JsonNode Value)> pairs)
    {
        var json = new JsonObject();
        foreach (var (key, value) in pairs.OrderBy(pair => pair.Key, StringComparer.Ordinal)) json[key] = value;
        return json;
    }
}
