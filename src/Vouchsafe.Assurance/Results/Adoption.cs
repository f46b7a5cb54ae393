using System.Text.Json;
using System.Text.Json.Nodes;
using Vouchsafe.Audit.Trail;

namespace Vouchsafe.Assurance.Results;

/// <summary>A posture that a node began to run with, as the operator's log has it: the event <c>posture.adopted</c>.</summary>
/// <param name="Posture">Its name.</param>
/// <param name="Hash">The hash of its canonical content.</param>
/// <param name="Claims">The ids of all its claims, withdrawn ones among them.</param>
/// <param name="Withdrawn">The ids of those that were withdrawn with it.</param>
/// <param name="Deleted">Claims that the posture before had and this one hasn't.</param>
/// <param name="Before">The index of the posture adopted before; null for the first.</param>
internal sealed record Adoption(
    VerifiedEntry Entry, string Posture, string Hash, IReadOnlyList<string> Claims, IReadOnlyList<string> Withdrawn,
    IReadOnlyList<ClaimText> Deleted, long? Before)
{
    public const string Event = "posture.adopted";

    /// <summary>Null where the entry isn't well formed.</summary>
    public static Adoption? Read(VerifiedEntry entry)
    {
        if (entry["posture"] is not { Length: > 0 } hash || entry["name"] is not { } name || Ids(entry["claims"]) is not { } claims || Ids(entry["withdrawn"]) is not { } withdrawn
            || ClaimText.ReadAll(entry["deleted"]) is not { } deleted || ResultField.Number(entry["posture-entry"]) is var before && before >= entry.Index) return null;
        return new Adoption(entry, name, hash, claims, withdrawn, deleted, before);
    }

    private static List<string>? Ids(string? text)
    {
        try
        {
            return (JsonNode.Parse(text ?? "null") as JsonArray)?.Select(id => id!.GetValue<string>()).ToList();
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or NullReferenceException)
        {
            return null;
        }
    }
}

/// <summary>A claim that stood in one posture and was gone from the next without being withdrawn.</summary>
/// <param name="Text">What it promised, in the first language of the posture that made it.</param>
internal sealed record ClaimText(string Id, string Text)
{
    public static List<ClaimText>? ReadAll(string? text)
    {
        try
        {
            return (JsonNode.Parse(text ?? "null") as JsonArray)?
                .Select(claim => new ClaimText(claim!["id"]!.GetValue<string>(), claim["text"]!.GetValue<string>())).ToList();
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or NullReferenceException)
        {
            return null;
        }
    }

    public static string Write(IEnumerable<ClaimText> claims) =>
        new JsonArray([.. claims.Select(claim => (JsonNode)new JsonObject { ["id"] = claim.Id, ["text"] = claim.Text })]).ToJsonString();
}
