using System.Text.Json.Nodes;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Entries;
using Vouchsafe.Transparency.Exports;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Claims.Evidence;

/// <summary>
/// What ties the results of a statement to what witnesses cosigned: docs/formats/evidence.md, "Roll-up". A head of the operator's log, that the roll-up log holds
/// it, the roll-up log's checkpoint with the cosignatures, and that this head and the results' are of one history.
/// </summary>
public static class StatementRollUp
{
    /// <summary>The member of the statement.</summary>
    /// <param name="head">The head of the operator's log that was rolled up.</param>
    /// <param name="consistency">RFC 9162 §2.1.4, from the smaller of this head and the results' to the larger.</param>
    public static JsonObject Build(Checkpoint head, ExportRollUp rollUp, IReadOnlyList<Digest> consistency) => new()
    {
        ["head"] = head.ToText(),
        ["consistency"] = EvidenceEntry.Path(consistency),
        ["salt"] = Convert.ToBase64String(rollUp.Salt.Span),
        ["index"] = rollUp.Index,
        ["inclusion"] = EvidenceEntry.Path(rollUp.Proof),
        ["checkpoint"] = rollUp.Checkpoint,
        ["key"] = rollUp.VerifierKey,
    };

    /// <summary>
    /// Verifies all but the cosignatures, and but that this is the roll-up log that the reader knows (<see cref="ExportRollUp.IsOf"/>): a statement can name
    /// anybody's. Never throws for what an untrusted document holds.
    /// </summary>
    /// <param name="node">The member of the statement.</param>
    /// <param name="results">The checkpoint of the statement's results, verified.</param>
    /// <param name="fault">What is wrong, where something is.</param>
    /// <returns>What the roll-up log holds and who says so, or null.</returns>
    public static ExportRollUp? Verify(JsonNode? node, Checkpoint results, out string fault)
    {
        if (node is not JsonObject shown || SignedDocument.Text(shown["head"]) is not { } text
            || EvidenceEntry.Hashes(shown["consistency"]) is not { } consistency || SignedDocument.Base64(shown["salt"], Commitment.SaltSize) is not { } salt
            || shown["index"] is not JsonValue number || !number.TryGetValue<long>(out var index)
            || EvidenceEntry.Hashes(shown["inclusion"]) is not { } inclusion || SignedDocument.Text(shown["checkpoint"]) is not { } checkpoint
            || SignedDocument.Text(shown["key"]) is not { } key)
            return Refuse("It shows no checkpoint of a roll-up log.", out fault);
        try
        {
            var head = Checkpoint.Parse(text);
            if (head.Origin != results.Origin) return Refuse("The head that was rolled up is one of another log.", out fault);
            var rollUp = new ExportRollUp(salt, index, inclusion, checkpoint, key);
            if (!rollUp.Holds(text))
                return Refuse("The roll-up log doesn't hold the head that is shown.", out fault);
            if (!IsOneHistory(head.Head, results.Head, consistency))
                return Refuse("The head that was rolled up and that of the results aren't of one history.", out fault);
            fault = "";
            return rollUp;
        }
        catch (NoteException broken)
        {
            return Refuse(broken.Message, out fault);
        }
    }

    private static bool IsOneHistory(TreeHead one, TreeHead other, Digest[] consistency) =>
        one.Size == other.Size ? one.Root == other.Root
        : one.Size < other.Size ? Proof.VerifyConsistency(one, other, consistency) : Proof.VerifyConsistency(other, one, consistency);

    private static ExportRollUp? Refuse(string why, out string fault)
    {
        fault = why;
        return null;
    }
}
