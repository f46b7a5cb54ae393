using System.Text.Json.Nodes;
using Vouchsafe.Assurance.Results;
using Vouchsafe.Audit.Trail;

namespace Vouchsafe.Assurance.Postures;

/// <summary>What one posture changes in the one before it, from the canonical content of both.</summary>
internal sealed record PostureChange(
    IReadOnlyList<string> Added, IReadOnlyList<string> Withdrawn, IReadOnlyList<string> Reinstated, IReadOnlyList<ClaimText> Deleted,
    IReadOnlyList<string> Reworded, IReadOnlyList<(string Figure, string? From, string? To)> Figures)
{
    /// <summary>The most characters that one list takes in an entry; an entry's fields have 32 KiB together.</summary>
    private const int MaxList = 6_000;

    private const int MaxText = 200;

    /// <param name="before">The content of the posture before; null: there was none, or it isn't known any more.</param>
    /// <param name="known">The claims that the log says the posture before had.</param>
    /// <param name="after">The content of the new one.</param>
    public static PostureChange Between(JsonObject? before, IReadOnlyList<string> known, JsonObject after)
    {
        var old = Claims(before);
        var now = Claims(after);
        var had = old.Keys.Union(known, StringComparer.Ordinal).ToList();
        return new PostureChange(
            [.. now.Keys.Except(had, StringComparer.Ordinal)],
            [.. now.Where(claim => claim.Value.ContainsKey("withdrawn") && !(old.TryGetValue(claim.Key, out var was) && was.ContainsKey("withdrawn"))).Select(claim => claim.Key)],
            [.. now.Where(claim => !claim.Value.ContainsKey("withdrawn") && old.TryGetValue(claim.Key, out var was) && was.ContainsKey("withdrawn")).Select(claim => claim.Key)],
            [.. had.Except(now.Keys, StringComparer.Ordinal).Select(id => new ClaimText(id, old.TryGetValue(id, out var was) ? Text(was, before!) : ""))],
            [.. now.Where(claim => old.TryGetValue(claim.Key, out var was) && !JsonNode.DeepEquals(was["text"], claim.Value["text"])).Select(claim => claim.Key)],
            before is null ? [] : Differences(before, after));
    }

    public IEnumerable<AuditField> Fields =>
    [
        new("added", Ids(Added)),
        new("withdrawn", Ids(Withdrawn)),
        new("reinstated", Ids(Reinstated)),
        new("deleted", Bounded(Deleted, ClaimText.Write)),
        new("reworded", Ids(Reworded)),
        new("figures", Bounded(Figures, figures => new JsonArray([.. figures.Select(figure =>
            (JsonNode)new JsonObject { ["figure"] = figure.Figure, ["from"] = figure.From, ["to"] = figure.To })]).ToJsonString())),
    ];

    public static string Ids(IEnumerable<string> ids) => new JsonArray([.. ids.Select(id => (JsonNode)id)]).ToJsonString();

    private static Dictionary<string, JsonObject> Claims(JsonObject? posture) =>
        (posture?["claims"] as JsonArray ?? []).OfType<JsonObject>().ToDictionary(claim => claim["id"]!.GetValue<string>(), StringComparer.Ordinal);

    private static string Text(JsonObject claim, JsonObject posture)
    {
        var text = claim["text"]?[posture["languages"]![0]!.GetValue<string>()]?.GetValue<string>() ?? "";
        return text.Length <= MaxText ? text : text[..MaxText] + "…";
    }

    private static List<(string Figure, string? From, string? To)> Differences(JsonObject before, JsonObject after)
    {
        var (old, now) = (Flat(before), Flat(after));
        return [.. old.Keys.Union(now.Keys).Order(StringComparer.Ordinal)
            .Select(figure => (Figure: figure, From: old.GetValueOrDefault(figure), To: now.GetValueOrDefault(figure))).Where(figure => figure.From != figure.To)];
    }

    private static Dictionary<string, string?> Flat(JsonObject posture) =>
        posture["figures"]!.AsObject().SelectMany(control => control.Value!.AsObject().Select(figure => (Name: $"{control.Key}.{figure.Key}", Value: Short(figure.Value?.ToJsonString()))))
            .ToDictionary(figure => figure.Name, figure => figure.Value, StringComparer.Ordinal);

    private static string? Short(string? value) => value is { Length: > MaxText } ? value[..MaxText] + "…" : value;

    /// <summary>As many as an entry has room for; the content itself is kept beside the log.</summary>
    private static string Bounded<T>(IReadOnlyList<T> items, Func<IEnumerable<T>, string> write)
    {
        for (var count = items.Count; ; count /= 2)
            if (write(items.Take(count)) is { Length: <= MaxList } text)
                return text;
    }
}
