using Vouchsafe.Transparency.Entries;
using Vouchsafe.Transparency.Exports.Reading;
using Vouchsafe.Transparency.Exports.Verifying;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Transparency.Exports;

/// <summary>
/// Holds a part of a log, as it is stored, to the rules by which <see cref="ExportVerifier"/> judges an export. Takes what an export of that
/// part would hold, in its order: the tiles of <see cref="ExportOrder"/> and the entries.
/// </summary>
public sealed class SegmentVerifier
{
    private readonly FindingList _findings = new();
    private readonly EntryRules _rules;
    private readonly LogVerification _verification;
    private readonly LogId? _log;
    private long _next;

    /// <param name="log">The log that each leaf names; null: the roll-up log, whose leaves are commitments.</param>
    /// <param name="head">The head that every hash must lead to.</param>
    /// <param name="from">The index of the first entry to come; a multiple of 256.</param>
    /// <param name="edge">The right edge of the tree of that size: <see cref="ExportHeader.Edge"/>.</param>
    public SegmentVerifier(LogId? log, TreeHead head, long from, IReadOnlyList<ReadOnlyMemory<byte>> edge)
    {
        (_log, _next, _rules) = (log, from, new EntryRules(_findings));
        _verification = LogVerification.OfPart(head, from, edge, _rules, _findings);
    }

    public void TakeTile(TileAddress address, ReadOnlySpan<byte> hashes) => _verification.Take(StoredReading.Tile(address, hashes));

    /// <summary>Takes the next entry.</summary>
    /// <param name="leaf">As it is stored; empty where it is gone.</param>
    /// <param name="opened">Its values as far as keys open them.</param>
    public void TakeEntry(ReadOnlySpan<byte> leaf, in OpenedEntry opened) => _verification.Take(StoredReading.Entry(_next++, leaf, opened, _log));

    /// <summary>Judges what was taken. Of erased people it only tells whose values are missing: their record may stand in another part.</summary>
    public SegmentReport Finish()
    {
        _verification.FinishPart(_next);
        return new SegmentReport(_findings.Kept, _findings.Count, _rules.Erasures.Missing, _rules.Erasures.Recorded, _rules.RecordedPrune);
    }
}

/// <param name="Findings">The first hundred, in the log's order.</param>
/// <param name="FindingCount">How many there are.</param>
/// <param name="Erased">People whose values are erased, each with the first entry that misses them.</param>
/// <param name="Erasures">People whose erasure this part records.</param>
/// <param name="PrunedBefore">How many of the log's first entries the furthest prune record in this part names; 0: there is none.</param>
public sealed record SegmentReport(
    IReadOnlyList<ExportFinding> Findings, long FindingCount, IReadOnlyDictionary<Tag, long> Erased, IReadOnlySet<Tag> Erasures, long PrunedBefore);
