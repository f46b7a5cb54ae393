using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Entries;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Transparency.Exports.Verifying;

/// <summary>What an export's header says, held to what is known from elsewhere.</summary>
internal sealed class ExportClaims
{
    /// <exception cref="ExportException">It makes no sense, or what it is to be held to doesn't.</exception>
    public ExportClaims(ExportHeader header, ExportTrust trust, FindingList findings)
    {
        Header = header;
        try
        {
            Note = SignedNote.Parse(header.Checkpoint);
            Checkpoint = Checkpoint.Parse(Note.Text);
            Key = trust.Key ?? NoteVerifier.Parse(header.VerifierKey);
        }
        catch (NoteException problem)
        {
            throw new ExportException($"The export's header holds no checkpoint and key: {problem.Message}");
        }
        Log = LogId.OfOrigin(Checkpoint.Origin) ?? throw new ExportException("The checkpoint's origin does not end in a log's id.");
        var (size, pruned) = (Checkpoint.Head.Size, header.Pruned);
        if (pruned % Tile.FullWidth != 0 || pruned > size || size == 0 || header.Frozen.Count != RootBuilder.Heights(pruned).Count())
            throw new ExportException("The export's header contradicts itself: what was pruned, its roots and the log's size don't fit.");
        Signed = Note.IsSignedBy(Key) && Checkpoint.Origin == Key.Name && header.VerifierKey == Key.ToString();
        if (!Signed)
            findings.Add(FindingKind.Resigned, null, trust.Key is null
                ? "The checkpoint is not signed by the key that the export names."
                : "The checkpoint is not signed by the log's key: what the export holds was signed by somebody else, or by nobody.");
        Past = [.. trust.Previous.Select(note => Earlier(note, trust, findings)).OfType<TreeHead>()];
        RolledUp = header.RollUp is { } rollUp && IsRolledUp(rollUp);
        Witnessed = RolledUp ? trust.Witnesses.Count(witness => SignedNote.Parse(header.RollUp!.Checkpoint).IsSignedBy(witness)) : 0;
        WitnessesAsked = trust.Witnesses.Count;
        if (header.RollUp is not null && !RolledUp)
            findings.Add(FindingKind.NotRolledUp, null, "The roll-up log that the export names does not hold this checkpoint.");
    }

    public ExportHeader Header { get; }

    public SignedNote Note { get; }

    public Checkpoint Checkpoint { get; }

    public NoteVerifier Key { get; }

    public LogId Log { get; }

    /// <summary>Whether the key signed the checkpoint.</summary>
    public bool Signed { get; }

    /// <summary>The heads of the earlier checkpoints that the key signed.</summary>
    public IReadOnlyList<TreeHead> Past { get; }

    public bool RolledUp { get; }

    /// <summary>How many of the witnesses asked for cosigned the roll-up log's checkpoint.</summary>
    public int Witnessed { get; }

    public int WitnessesAsked { get; }

    private TreeHead? Earlier(SignedNote note, ExportTrust trust, FindingList findings)
    {
        try
        {
            return Checkpoint.Open(note, Key).Head;
        }
        catch (NoteException problem) when (trust.Key is not null)
        {
            throw new ExportException($"The earlier checkpoint is none of this log: {problem.Message}");
        }
        catch (NoteException)
        {
            findings.Add(FindingKind.Resigned, null, "The earlier checkpoint is not signed by the key that the export names: the key was exchanged, or it is another log.");
            return null;
        }
    }

    private bool IsRolledUp(ExportRollUp rollUp)
    {
        try
        {
            var above = Checkpoint.Open(SignedNote.Parse(rollUp.Checkpoint), NoteVerifier.Parse(rollUp.VerifierKey));
            return Proof.VerifyInclusion(rollUp.Index, TreeHash.Leaf(RollUpLeaf.Build(rollUp.Salt.Span, Note.Text)), above.Head, rollUp.Proof.ToArray());
        }
        catch (NoteException)
        {
            return false;
        }
    }
}
