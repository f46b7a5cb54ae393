using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Entries;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Transparency.Exports;

/// <summary>What stands before the entries.</summary>
/// <param name="VerifierKey">The log's vkey.</param>
/// <param name="Checkpoint">The signed note over the head up to which the export goes.</param>
public sealed record ExportHeader(string VerifierKey, string Checkpoint)
{
    public const string Format = "vouchsafe.audit-export/1";

    /// <summary>How many of the log's first entries are not in the export, because they were pruned; a multiple of 256.</summary>
    public long Pruned { get; init; }

    /// <summary>The roots of the perfect subtrees of the pruned entries, largest first.</summary>
    public IReadOnlyList<Digest> Frozen { get; init; } = [];

    /// <summary>The partial tiles at the tree's right edge, by level from 0 (<see cref="Trees.TreeEdge.Addresses"/>); empty where a level has none.
    /// They hash to the signed root, so whoever reads them knows the hash of every tile to come.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Edge { get; init; } = [];

    /// <summary>A proof that the head continues an earlier one: for holders of a checkpoint that lies among the pruned entries.</summary>
    public ExportConsistency? Consistency { get; init; }

    public ExportRollUp? RollUp { get; init; }

    /// <summary>Signed notes (<see cref="Checkpoints.KeyHandover"/>) that lead from the log's first key to the one of <see cref="VerifierKey"/>, oldest first.</summary>
    public IReadOnlyList<string> Handovers { get; init; } = [];
}

/// <param name="Size">The earlier tree's size.</param>
/// <param name="Proof">RFC 6962 §2.1.2.</param>
public sealed record ExportConsistency(long Size, IReadOnlyList<Digest> Proof);

/// <summary>That the roll-up log holds a commitment to the checkpoint.</summary>
/// <param name="Salt">16 bytes: <see cref="RollUpLeaf"/>.</param>
/// <param name="Index">The commitment's index in the roll-up log.</param>
/// <param name="Proof">RFC 6962 §2.1.1.</param>
/// <param name="Checkpoint">The roll-up log's signed note, with its witnesses' cosignatures.</param>
/// <param name="VerifierKey">The roll-up log's vkey.</param>
public sealed record ExportRollUp(ReadOnlyMemory<byte> Salt, long Index, IReadOnlyList<Digest> Proof, string Checkpoint, string VerifierKey)
{
    /// <summary>Whether this is the roll-up log that is known from elsewhere. Never throws for what an untrusted document holds.</summary>
    /// <param name="known">The roll-up log's key, or an earlier one of it.</param>
    /// <param name="handovers">Signed notes that lead from the known key to the present one; those of other logs are passed over.</param>
    /// <param name="now">Hand-overs that begin later don't count yet; null: all count.</param>
    public bool IsOf(NoteVerifier known, IReadOnlyCollection<SignedNote> handovers, DateTimeOffset? now)
    {
        try
        {
            return KeyChain.From(known, handovers, now).Newest.ToString() == VerifierKey;
        }
        catch (NoteException)
        {
            return false;
        }
    }

    /// <summary>Whether the roll-up log, under the key named here, holds a checkpoint. Never throws for what an untrusted document holds.</summary>
    /// <param name="text">The checkpoint's text (<see cref="Checkpoints.Checkpoint.ToText"/>).</param>
    public bool Holds(string text)
    {
        try
        {
            var above = Checkpoints.Checkpoint.Open(SignedNote.Parse(Checkpoint), NoteVerifier.Parse(VerifierKey));
            return Salt.Length == Commitment.SaltSize
                && Trees.Proof.VerifyInclusion(Index, TreeHash.Leaf(RollUpLeaf.Build(Salt.Span, text)), above.Head, Proof.ToArray());
        }
        catch (NoteException)
        {
            return false;
        }
    }
}
