using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vouchsafe.Claims.Controls;
using Vouchsafe.Claims.Wording;

namespace Vouchsafe.Claims.Postures;

/// <summary>The JSON Schema (2020-12) of postures, generated from the catalogue, so that editors complete what the reader accepts.</summary>
/// <remarks>
/// What a schema can't say the reader still demands: figures that must agree, a text in every language, bounds of durations.
/// A document that the schema refuses is refused by the reader too; the other way round need not hold.
/// </remarks>
public static class PostureSchema
{
    public const string Id = "https://vouchsafe.dev/schemas/posture.schema.json";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>As postures/posture.schema.json holds it.</summary>
    public static string Text() => Build().ToJsonString(Indented);

    public static JsonObject Build() => new()
    {
        ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
        ["$id"] = Id,
        ["title"] = "Posture",
        ["description"] = "The claims that a company makes about security and privacy, with their figures.",
        ["type"] = "object",
        ["required"] = Words("posture", "company", "languages", "claims"),
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject
        {
            ["posture"] = Text("The posture's name.", 64, "^[a-z][a-z0-9-]*$"),
            ["extends"] = Text("A document in bases/ beside the posture, or baseline: figures that are enforced but not promised.", 64, "^[a-z][a-z0-9-]*$"),
            ["company"] = Company(),
            ["languages"] = new JsonObject
            {
                ["description"] = "Every claim is said in each of them; the first is the one to fall back to.",
                ["type"] = "array",
                ["items"] = new JsonObject { ["enum"] = Languages() },
                ["minItems"] = 1,
                ["uniqueItems"] = true,
            },
            ["claims"] = new JsonObject { ["type"] = "array", ["items"] = Claim() },
            ["settings"] = new JsonObject { ["description"] = "Figures that are enforced without being promised.", ["$ref"] = "#/$defs/controls" },
        },
        ["$defs"] = new JsonObject { ["controls"] = Controls(), ["texts"] = Texts() },
    };

    private static JsonObject Company() => new()
    {
        ["description"] = "Who makes the claims.",
        ["type"] = "object",
        ["required"] = Words("name", "product", "country", "contacts"),
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject
        {
            ["name"] = Text("The legal entity.", 200),
            ["product"] = Text("What it sells.", 200),
            ["country"] = Text("Where it is established, ISO 3166-1 alpha-2.", 2, "^[A-Z]{2}$"),
            ["contacts"] = new JsonObject
            {
                ["description"] = "Address by purpose: security, privacy, legal.",
                ["type"] = "object",
                ["propertyNames"] = new JsonObject { ["pattern"] = "^[a-z][a-z0-9-]*$" },
                ["additionalProperties"] = new JsonObject { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = 254 },
            },
        },
    };

    private static JsonObject Claim() => new()
    {
        ["type"] = "object",
        ["required"] = Words("id", "kind", "area", "text"),
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject
        {
            ["id"] = Text("The company's own name for the claim.", 32, "^[A-Z][A-Z0-9]{0,7}-[0-9]{1,4}$"),
            ["kind"] = new JsonObject
            {
                ["description"] = "enforced: code makes it true. operated: a recurring job does. attested: people do, with a document on file. published: served from live data.",
                ["enum"] = Words("enforced", "operated", "attested", "published"),
            },
            ["area"] = Text("The heading that it stands under.", 40, "^[a-z][a-z -]*$"),
            ["text"] = new JsonObject { ["description"] = "The promise in each language; {control.figure} or {control.figure:unit} stands for a figure.", ["$ref"] = "#/$defs/texts" },
            ["controls"] = new JsonObject { ["description"] = "What makes it true, with its figures.", ["$ref"] = "#/$defs/controls" },
            ["since"] = Date("Since when it has been promised."),
            ["withdrawn"] = new JsonObject
            {
                ["description"] = "A promise taken back; it stays visible.",
                ["type"] = "object",
                ["required"] = Words("date", "reason"),
                ["additionalProperties"] = false,
                ["properties"] = new JsonObject { ["date"] = Date("From when on."), ["reason"] = new JsonObject { ["$ref"] = "#/$defs/texts" } },
            },
        },
    };

    private static JsonObject Controls()
    {
        var controls = new JsonObject();
        foreach (var control in ControlCatalogue.All)
        {
            var figures = new JsonObject();
            foreach (var figure in control.Figures) figures[figure.Name] = figure.Schema();
            controls[control.Id] = new JsonObject
            {
                ["description"] = control.Stage == Stage.Planned ? control.Meaning + " (planned)" : control.Meaning,
                ["type"] = "object",
                ["additionalProperties"] = false,
                ["properties"] = figures,
            };
        }
        return new JsonObject { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = controls };
    }

    private static JsonObject Texts() => new()
    {
        ["type"] = "object",
        ["propertyNames"] = new JsonObject { ["enum"] = Languages() },
        ["additionalProperties"] = new JsonObject { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = 1_000 },
        ["minProperties"] = 1,
    };

    private static JsonObject Text(string meaning, int longest, string? form = null)
    {
        var schema = new JsonObject { ["description"] = meaning, ["type"] = "string", ["minLength"] = 1, ["maxLength"] = longest };
        if (form is not null) schema["pattern"] = form;
        return schema;
    }

    private static JsonObject Date(string meaning) => new() { ["description"] = meaning, ["type"] = "string", ["pattern"] = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" };

    private static JsonArray Languages() => Words([.. Language.All.Select(language => language.Code)]);

    private static JsonArray Words(params string[] words) => new([.. words.Select(word => (JsonNode)word)]);
}
