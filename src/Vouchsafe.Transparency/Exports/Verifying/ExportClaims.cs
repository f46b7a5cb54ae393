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
        SignedNote[] handovers;
        try
        {
            Note = SignedNote.Parse(header.Checkpoint);
            Checkpoint = Checkpoint.Parse(Note.Text);
            var said = NoteVerifier.Parse(header.VerifierKey);
            handovers = [.. trust.Handovers, .. header.Handovers.Select(SignedNote.Parse)];
            // Without a known key, the export's own word counts for the whole chain: from the key that nothing hands over to.
            Chain = KeyChain.From(trust.Key ?? First(handovers, said), handovers, trust.Now);
            Key = Chain.Newest;
        }
        catch (NoteException problem)
        {
            throw new ExportException($"The export's header holds no checkpoint and key: {problem.Message}");
        }
        Log = LogId.OfOrigin(Checkpoint.Origin) ?? throw new ExportException("The checkpoint's origin does not end in a log's id.");
        var (size, pruned) = (Checkpoint.Head.Size, header.Pruned);
        if (pruned % Tile.FullWidth != 0 || pruned > size || size == 0 || header.Frozen.Count != RootBuilder.Heights(pruned).Count())
            throw new ExportException("The export's header contradicts itself: what was pruned, its roots and the log's size don't fit.");
        Signed = Chain.Signs(Note) && Checkpoint.Origin == Key.Name && header.VerifierKey == Key.ToString();
        if (!Signed)
            findings.Add(FindingKind.Resigned, null, trust.Key is null
                ? "The checkpoint is not signed by the key that the export names."
                : Chain.Signed(Note) ? "The checkpoint is signed by a key of the log that was handed over since, and not by the one that followed."
                : "The checkpoint is not signed by the log's key: what the export holds was signed by somebody else, or by nobody.");
        Past = [.. trust.Previous.Select(note => Earlier(note, trust, findings)).OfType<TreeHead>()];
        var known = header.RollUp is null || trust.RollUp is not { } log || header.RollUp.IsOf(log, handovers, trust.Now);
        RolledUp = known && header.RollUp is { } rollUp && rollUp.Holds(Note.Text);
        Cosigned = RolledUp
            ? Cosignatures.Of(SignedNote.Parse(header.RollUp!.Checkpoint), trust.Witnesses, trust.Now)
            : [.. trust.Witnesses.Select(witness => new WitnessTime(witness.Name, null))];
        Witnessed = Cosigned.Count(cosigned => cosigned.At is not null);
        WitnessesAsked = trust.Witnesses.Count;
        if (header.RollUp is not null && !RolledUp)
            findings.Add(FindingKind.NotRolledUp, null, known
                ? "The roll-up log that the export names does not hold this checkpoint."
                : "The roll-up log that the export names is not the one that was given, and no hand-over leads to its key.");
    }

    public ExportHeader Header { get; }

    public SignedNote Note { get; }

    public Checkpoint Checkpoint { get; }

    /// <summary>The key that must have signed.</summary>
    public NoteVerifier Key { get; }

    /// <summary>The log's keys, from the known one to <see cref="Key"/>.</summary>
    public KeyChain Chain { get; }

    /// <summary>When each witness asked for cosigned.</summary>
    public IReadOnlyList<WitnessTime> Cosigned { get; }

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
            return Checkpoint.Open(note, Chain.Keys.FirstOrDefault(note.IsSignedBy) ?? Key).Head;
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

    private static NoteVerifier First(IReadOnlyCollection<SignedNote> handovers, NoteVerifier said)
    {
        var all = handovers.Select(KeyHandover.Open).Where(handover => handover.Origin == said.Name).ToList();
        var first = said;
        // At most as many steps as there are hand-overs: a circle is found when the chain is made.
        for (var step = 0; step < all.Count && all.Find(handover => handover.New.ToString() == first.ToString()) is { } before; step++) first = before.Old;
        return first;
    }
}
