using System.Text.Json.Nodes;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Transparency.Entries;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Claims.Evidence;

/// <summary>An entry of a log that was proven to be in it, with its values.</summary>
/// <param name="Event">What happened: <c>check.ran</c>.</param>
/// <param name="At">When, by the clock of whoever wrote the entry.</param>
/// <param name="Index">Its place in the log, from 0.</param>
/// <param name="LeafHash">SHA-256(00 ‖ leaf).</param>
/// <param name="Fields">The details, each proven to be what was committed to.</param>
public sealed record EvidenceEntry(string Event, DateTimeOffset At, long Index, Digest LeafHash, IReadOnlyDictionary<string, string> Fields)
{
    /// <summary>The entry as a document holds it.</summary>
    public static JsonObject Build(Guid id, long index, ReadOnlyMemory<byte> leaf, IReadOnlyList<DisclosedField> actor, IReadOnlyList<DisclosedField> fields) => new()
    {
        ["id"] = id.ToString("D"),
        ["index"] = index,
        ["leaf"] = Convert.ToBase64String(leaf.Span),
        ["actor"] = Group(actor),
        ["fields"] = Group(fields),
    };

    /// <summary>A path as a document holds it.</summary>
    public static JsonArray Path(IReadOnlyList<Digest> path) => new([.. path.Select(hash => (JsonNode)Convert.ToBase64String(hash.Bytes))]);

    /// <summary>Verifies an entry under a head that is trusted. Never throws for what an untrusted document holds.</summary>
    /// <param name="node">As <see cref="Build"/> made it.</param>
    /// <param name="inclusion">As <see cref="Path"/> made it.</param>
    /// <param name="fault">What is wrong, where something is.</param>
    public static EvidenceEntry? Verify(JsonNode? node, JsonNode? inclusion, TreeHead head, out string fault)
    {
        if (node is not JsonObject entry || SignedDocument.Base64(entry["leaf"], null) is not { } bytes || !Leaf.TryParse(bytes, out var leaf))
            return Refuse("It holds no entry.", out fault);
        if (Disclosed(entry["fields"]) is not { } fields || DisclosedFields.Root(fields) != leaf.FieldRoot)
            return Refuse("The fields shown are not those that the entry commits to.", out fault);
        if (Disclosed(entry["actor"]) is not { } actor || DisclosedFields.Root(actor) != leaf.ActorRoot)
            return Refuse("The actor shown is not the one that the entry commits to.", out fault);
        if (entry["index"] is not JsonValue number || !number.TryGetValue<long>(out var index) || Hashes(inclusion) is not { } path)
            return Refuse("It holds no proof of inclusion.", out fault);
        var hash = TreeHash.Leaf(bytes);
        if (!Proof.VerifyInclusion(index, hash, head, path))
            return Refuse("The proof doesn't lead from the entry to the signed checkpoint.", out fault);
        fault = "";
        return new EvidenceEntry(
            leaf.EventName, leaf.Time, index, hash,
            fields.DistinctBy(field => field.Name).ToDictionary(field => field.Name, field => field.Value, StringComparer.Ordinal));
    }

    private static JsonArray Group(IReadOnlyList<DisclosedField> fields) =>
        new([.. fields.Select(field => (JsonNode)new JsonObject { ["name"] = field.Name, ["value"] = field.Value, ["salt"] = Convert.ToBase64String(field.Salt.Span) })]);

    private static List<DisclosedField>? Disclosed(JsonNode? node)
    {
        if (node is not JsonArray { Count: <= Commitment.MostFields } items) return null;
        var fields = new List<DisclosedField>();
        foreach (var item in items)
        {
            if (item is not JsonObject field || SignedDocument.Text(field["name"]) is not { } name || SignedDocument.Text(field["value"]) is not { } value
                || SignedDocument.Base64(field["salt"], Commitment.SaltSize) is not { } salt) return null;
            fields.Add(new DisclosedField(name, value, salt));
        }
        return fields;
    }

    internal static Digest[]? Hashes(JsonNode? node)
    {
        if (node is not JsonArray { Count: <= Proof.MostHashes } items) return null;
        var hashes = items.Select(item => SignedDocument.Base64(item, Digest.Size)).ToList();
        return hashes.Contains(null) ? null : [.. hashes.Select(hash => Digest.From(hash))];
    }

    private static EvidenceEntry? Refuse(string why, out string fault)
    {
        fault = why;
        return null;
    }
}
