using System.Text.Json.Nodes;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Entries;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Claims.Evidence;

/// <summary>One entry of the operator's log with everything that proves it is there: docs/formats/evidence.md, "Evidence".</summary>
/// <remarks>Verifying takes the document and the log's key; no server, no database, no trust in whoever handed it over.</remarks>
public sealed class EvidenceDocument
{
    public const string Format = "vouchsafe.dev/evidence/v1";

    /// <summary>The entry's name for a check that ran.</summary>
    public const string CheckRan = "check.ran";

    /// <summary>The entry's name for a drill that ran.</summary>
    public const string DrillRan = "drill.ran";

    private EvidenceDocument()
    {
    }

    /// <summary>What happened: <c>check.ran</c>.</summary>
    public required string Event { get; init; }

    /// <summary>When, by the clock of whoever wrote the entry.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Its place in the log, from 0.</summary>
    public required long Index { get; init; }

    /// <summary>How many entries the log had at the checkpoint.</summary>
    public required long Size { get; init; }

    /// <summary>The details, each proven to be what was committed to.</summary>
    public required IReadOnlyDictionary<string, string> Fields { get; init; }

    /// <summary>Builds the document.</summary>
    public static JsonObject Build(
        Guid id, long index, ReadOnlyMemory<byte> leaf, IReadOnlyList<DisclosedField> actor, IReadOnlyList<DisclosedField> fields,
        IReadOnlyList<Digest> path, SignedNote checkpoint, NoteVerifier key) => new()
        {
            ["format"] = Format,
            ["entry"] = new JsonObject
            {
                ["id"] = id.ToString("D"),
                ["index"] = index,
                ["leaf"] = Convert.ToBase64String(leaf.Span),
                ["actor"] = Group(actor),
                ["fields"] = Group(fields),
            },
            ["inclusion"] = new JsonArray([.. path.Select(hash => (JsonNode)Convert.ToBase64String(hash.Bytes))]),
            ["checkpoint"] = checkpoint.ToString(),
            ["key"] = key.ToString(),
        };

    /// <summary>Verifies a document. Never throws for what an untrusted document holds.</summary>
    /// <param name="utf8">The document as it was received.</param>
    /// <param name="key">The log's key, got from elsewhere; null: the one in the document, which proves only that it wasn't damaged.</param>
    /// <param name="fault">What is wrong, where something is.</param>
    public static EvidenceDocument? Verify(ReadOnlySpan<byte> utf8, NoteVerifier? key, out string fault)
    {
        if (SignedDocument.Parse(utf8, out fault) is not { } document) return null;
        if (SignedDocument.Text(document["format"]) != Format) return Refuse($"It is not of the format {Format}.", out fault);
        if (document["entry"] is not JsonObject entry || SignedDocument.Base64(entry["leaf"], null) is not { } bytes || !Leaf.TryParse(bytes, out var leaf))
            return Refuse("It holds no entry.", out fault);
        if (Disclosed(entry["fields"]) is not { } fields || DisclosedFields.Root(fields) != leaf.FieldRoot)
            return Refuse("The fields shown are not those that the entry commits to.", out fault);
        if (Disclosed(entry["actor"]) is not { } actor || DisclosedFields.Root(actor) != leaf.ActorRoot)
            return Refuse("The actor shown is not the one that the entry commits to.", out fault);
        if (entry["index"] is not JsonValue number || !number.TryGetValue<long>(out var index) || Hashes(document["inclusion"]) is not { } path)
            return Refuse("It holds no proof of inclusion.", out fault);
        Checkpoint checkpoint;
        try
        {
            var verifier = key ?? NoteVerifier.Parse(SignedDocument.Text(document["key"]) ?? "");
            checkpoint = Checkpoint.Open(SignedNote.Parse(SignedDocument.Text(document["checkpoint"]) ?? ""), verifier);
        }
        catch (NoteException broken)
        {
            return Refuse(broken.Message, out fault);
        }
        if (!Proof.VerifyInclusion(index, TreeHash.Leaf(bytes), checkpoint.Head, path))
            return Refuse("The proof doesn't lead from the entry to the signed checkpoint.", out fault);
        fault = "";
        return new EvidenceDocument
        {
            Event = leaf.EventName,
            At = leaf.Time,
            Index = index,
            Size = checkpoint.Head.Size,
            Fields = fields.DistinctBy(field => field.Name).ToDictionary(field => field.Name, field => field.Value, StringComparer.Ordinal),
        };
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

    private static Digest[]? Hashes(JsonNode? node)
    {
        if (node is not JsonArray { Count: <= Proof.MostHashes } items) return null;
        var hashes = items.Select(item => SignedDocument.Base64(item, Digest.Size)).ToList();
        return hashes.Contains(null) ? null : [.. hashes.Select(hash => Digest.From(hash))];
    }

    private static EvidenceDocument? Refuse(string why, out string fault)
    {
        fault = why;
        return null;
    }
}
