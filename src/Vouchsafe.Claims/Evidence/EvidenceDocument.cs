using System.Text.Json.Nodes;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Entries;

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
            ["entry"] = EvidenceEntry.Build(id, index, leaf, actor, fields),
            ["inclusion"] = EvidenceEntry.Path(path),
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
        if (EvidenceEntry.Verify(document["entry"], document["inclusion"], checkpoint.Head, out fault) is not { } entry) return null;
        return new EvidenceDocument { Event = entry.Event, At = entry.At, Index = entry.Index, Size = checkpoint.Head.Size, Fields = entry.Fields };
    }

    private static EvidenceDocument? Refuse(string why, out string fault)
    {
        fault = why;
        return null;
    }
}
