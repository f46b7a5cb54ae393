using System.Globalization;
using System.Text.Json.Nodes;
using Vouchsafe.Transparency.Checkpoints;

namespace Vouchsafe.Claims.Evidence;

/// <summary>
/// The newest results of an instance without a gap, as a statement carries them: docs/formats/evidence.md, "Results". Since each names the
/// running number and the hash of the one before, none between the oldest and the newest can be left out.
/// </summary>
public static class ResultChain
{
    /// <summary>The most results that one statement carries.</summary>
    public const int MaxEntries = 512;

    /// <summary>The member of the statement.</summary>
    /// <param name="checkpoint">The head that the paths lead to.</param>
    /// <param name="entries">Each as <see cref="EvidenceEntry.Build"/> made it, with <c>inclusion</c>; by index.</param>
    public static JsonObject Build(SignedNote checkpoint, IEnumerable<JsonObject> entries) => new()
    {
        ["checkpoint"] = checkpoint.ToString(),
        ["entries"] = new JsonArray([.. entries]),
    };

    /// <summary>Verifies the results. Never throws for what an untrusted document holds.</summary>
    /// <param name="node">The member of the statement.</param>
    /// <param name="log">The log's key.</param>
    /// <param name="fault">What is wrong, where something is.</param>
    /// <returns>By index, or null.</returns>
    public static IReadOnlyList<EvidenceEntry>? Verify(JsonNode? node, NoteVerifier log, out string fault)
    {
        if (node is not JsonObject chain || chain["entries"] is not JsonArray { Count: <= MaxEntries } nodes) return Refuse("It carries no results.", out fault);
        Checkpoint checkpoint;
        try
        {
            checkpoint = HeadOf(chain, log);
        }
        catch (NoteException broken)
        {
            return Refuse(broken.Message, out fault);
        }
        var entries = new List<EvidenceEntry>();
        foreach (var each in nodes)
        {
            if (EvidenceEntry.Verify(each, (each as JsonObject)?["inclusion"], checkpoint.Head, out fault) is not { } entry) return null;
            if (entries.Count > 0 && !Continues(entries[^1], entry))
                return Refuse($"The result at index {entry.Index} doesn't continue the one before it: something between them is left out.", out fault);
            entries.Add(entry);
        }
        fault = "";
        return entries;
    }

    /// <summary>The checkpoint that the results' paths lead to.</summary>
    /// <exception cref="NoteException">It is none, or not signed by the log's key.</exception>
    public static Checkpoint HeadOf(JsonNode? node, NoteVerifier log) =>
        Checkpoint.Open(SignedNote.Parse(SignedDocument.Text((node as JsonObject)?["checkpoint"]) ?? ""), log);

    private static bool Continues(EvidenceEntry before, EvidenceEntry entry) =>
        entry.Index > before.Index && Sequence(before) is { } last && Sequence(entry) == last + 1 && entry.Fields.GetValueOrDefault("previous") == before.LeafHash.ToString();

    private static long? Sequence(EvidenceEntry entry) =>
        entry.Fields.GetValueOrDefault("sequence") is { Length: > 0 and <= 18 } text && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static IReadOnlyList<EvidenceEntry>? Refuse(string why, out string fault)
    {
        fault = why;
        return null;
    }
}
