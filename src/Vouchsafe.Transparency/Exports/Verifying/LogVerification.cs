using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Transparency.Entries;
using Vouchsafe.Transparency.Exports.Reading;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Transparency.Exports.Verifying;

/// <summary>
/// Takes an export's lines in their order. What makes it sound is short: the hashes of the tiles lead to the signed root, and each
/// entry in its order is what its hash says. All else is there to tell what happened where that doesn't hold.
/// </summary>
internal sealed class LogVerification
{
    private const long Beginning = -1;
    private const long Nowhere = -2;

    private readonly FindingList findings;
    private readonly EntryRules rules;
    private readonly HashLadder ladder;
    private readonly PastHeads past;
    private readonly Numbering numbering = new();
    private readonly Unsettled unsettled;
    private readonly EntryWindow window;
    private readonly TileGaps gaps;
    private readonly RootBuilder tree = new();
    private readonly TreeHead head;
    private readonly long start;
    private readonly long tiles;

    /// <summary>The first tile that is not done with.</summary>
    private long next;

    /// <summary>The tile whose lines come: what it must hash to (null: the last one, which is not full), and whether its hashes do.</summary>
    private (long Tile, Digest? Root, bool Fits) current = (Beginning, null, true);
    private long unknownAbove = -1;
    private (bool Read, bool? Comma, bool Ended) line = (false, null, false);
    private bool whole = true;

    /// <param name="compared">How many of the newest entries are remembered to compare others with.</param>
    public LogVerification(ExportClaims claims, FindingList findings, int compared)
        : this(claims.Checkpoint.Head, claims.Header.Pruned, claims.Header.Edge, claims.Past, new EntryRules(findings, compared), findings)
    {
        foreach (var (height, root) in RootBuilder.Heights(claims.Header.Pruned).Zip(claims.Header.Frozen))
        {
            tree.Append(height, root);
            past.Reach(tree);
        }
    }

    private LogVerification(
        TreeHead head, long start, IReadOnlyList<ReadOnlyMemory<byte>> edge, IReadOnlyList<TreeHead> heads, EntryRules rules, FindingList findings)
    {
        (this.head, this.start, this.rules, this.findings) = (head, start, rules, findings);
        ladder = new HashLadder(head, edge);
        if (!ladder.EdgeHolds)
            findings.Add(FindingKind.HashesAltered, null, "The hashes of the tree's right edge don't lead to the signed root.");
        past = new PastHeads(heads);
        unsettled = new Unsettled(findings);
        window = new EntryWindow(findings, unsettled, numbering, rules.Accept);
        gaps = new TileGaps(findings);
        next = start / Tile.FullWidth;
        tiles = (head.Size + Tile.FullWidth - 1) / Tile.FullWidth;
        window.Open(start, []);
    }

    public long Entries => rules.Entries;

    public Repetitions Repetitions => rules.Repetitions;

    /// <summary>Of a part of a log: its tiles are held to the head by its edge and the tiles above them, not by all hashes from the first one on.</summary>
    /// <param name="start">The index of the first entry; a multiple of 256.</param>
    public static LogVerification OfPart(TreeHead head, long start, IReadOnlyList<ReadOnlyMemory<byte>> edge, EntryRules rules, FindingList findings) =>
        new(head, start, edge, [], rules, findings) { whole = false };

    public void Take(in LineReading reading)
    {
        if (line.Ended || (line.Read && line.Comma == (reading.Kind == LineKind.End)))
            findings.Add(FindingKind.Malformed, null, line.Ended ? $"The export goes on behind its end (line {reading.Line})." : $"The comma before line {reading.Line} is not as the format demands.");
        if (line.Ended)
            return;
        line = (true, reading.Kind == LineKind.Malformed ? null : reading.Has(EntryMarks.Comma), reading.Kind == LineKind.End);
        if (reading.Kind == LineKind.Hashes)
            TakeTile(reading);
        else if (reading.Kind != LineKind.End)
            window.Take(reading);
    }

    /// <summary>Ends a part.</summary>
    /// <param name="end">The index behind its last entry: a multiple of 256 or the log's size.</param>
    public void FinishPart(long end)
    {
        CloseTile((end + Tile.FullWidth - 1) / Tile.FullWidth, cutOff: false);
        unsettled.Settle();
        rules.Repetitions.Settle();
        gaps.Settle(head.Size);
    }

    /// <param name="unended">Whether the last line has no end.</param>
    public ExportReport Finish(ExportClaims claims, bool unended)
    {
        var (cutOff, reached) = (!line.Ended, window.Next);
        CloseTile(cutOff ? next : tiles, cutOff);
        unsettled.Settle();
        rules.Repetitions.Settle();
        gaps.Settle(head.Size);
        if (cutOff)
            findings.Add(FindingKind.Malformed, reached, $"The export is cut off: entry {reached} and what follows is missing.", head.Size - 1);
        else if (unended)
            findings.Add(FindingKind.Malformed, null, "The export goes on behind its end.");
        var met = whole && tree.Head() == head;
        if (!met && !cutOff)
            findings.Add(FindingKind.HashesAltered, null, "The hashes in the export don't lead to the signed root.");
        if (claims.Header.Pruned > rules.RecordedPrune && !cutOff)
            findings.Add(FindingKind.PrunedWithoutRecord, 0, $"The first {claims.Header.Pruned} entries are missing, and the log records no such pruning.", claims.Header.Pruned - 1);
        else if (claims.Header.Pruned > 0 && !cutOff && FindPruningFault(claims.Header) is { } fault)
            findings.Add(FindingKind.PrunedWithoutRecord, 0, $"The record of the pruning of {rules.RecordedPrune} entries {fault}.", claims.Header.Pruned - 1);
        if (!cutOff)
            rules.Erasures.Settle(findings);
        var continuity = past.Settle(head, met, claims.Header.Consistency, claims.Signed ? FindingKind.SplitView : FindingKind.Resigned, findings);
        var kept = findings.Kept;
        return new ExportReport
        {
            Verdict = continuity == Continuity.Differs && claims.Signed ? ExportVerdict.SplitView
                : findings.Count > 0 ? ExportVerdict.Tampered
                : claims.Header.Pruned > 0 ? ExportVerdict.Pruned
                : rules.Erasures.Entries > 0 ? ExportVerdict.LawfullyErased : ExportVerdict.Valid,
            Origin = claims.Checkpoint.Origin,
            Head = head,
            VerifierKey = claims.Key.ToString(),
            Entries = Entries,
            Erased = rules.Erasures.Entries,
            Pruned = claims.Header.Pruned,
            Uncompared = rules.Repetitions.Uncompared,
            RolledUp = claims.RolledUp,
            RollUpKey = claims.Header.RollUp?.VerifierKey,
            Witnessed = claims.Witnessed,
            Cosigned = claims.Cosigned,
            Handovers = claims.Chain.Keys.Count - 1,
            KeySince = claims.Chain.Since,
            WitnessesAsked = claims.WitnessesAsked,
            Previous = continuity,
            Findings = kept,
            FindingCount = findings.Count,
        };
    }

    private string? FindPruningFault(ExportHeader header) =>
        rules.RecordedPrune > header.Pruned ? $"names more than the {header.Pruned} that are missing"
        : rules.Pruning is { } pruning ? pruning.Evidence.FindFault(header.Pruned, pruning.At, header.Frozen) : null;

    private void TakeTile(in LineReading reading)
    {
        var width = reading.Level == 0 ? reading.Index >= tiles ? 0 : Math.Min(Tile.FullWidth, head.Size - (reading.Index * Tile.FullWidth)) : Tile.FullWidth;
        if (reading.Hashes!.Length != width)
            findings.Add(FindingKind.HashesAltered, null, $"The tile in line {reading.Line} is none of this log: it has {reading.Hashes.Length} hashes there, and should have {width}.");
        else if (reading.Level > 0)
            TakeUpperTile(reading);
        else
            TakeLeafTile(reading);
    }

    private void TakeUpperTile(in LineReading reading)
    {
        // It stands between the last entry before and the first under it.
        var after = current.Tile == next ? next + 1 : next;
        var due = new TileAddress(reading.Level, reading.Index, Tile.FullWidth);
        if (after >= tiles || ladder.Has(due) || !ExportOrder.TilesBefore(after * Tile.FullWidth, start, head.Size).Contains(due))
        {
            findings.Add(FindingKind.HashesAltered, null, $"The tile in line {reading.Line} belongs elsewhere.");
            return;
        }
        var (first, last) = due.Leaves;
        if (ladder.RootOf(reading.Level, reading.Index) == reading.Hash)
        {
            ladder.Keep(reading.Level, reading.Index, reading.Hashes!);
            return;
        }
        // Without it the tiles below are only held to the root at the end: enough to tell, too little to name one.
        findings.Add(FindingKind.HashesAltered, first, $"The hashes in line {reading.Line}, above entries {first} to {last}, don't lead to the signed root.", last);
        unknownAbove = reading.Level == 1 ? reading.Index : unknownAbove;
    }

    private void TakeLeafTile(in LineReading reading)
    {
        var (tile, hashes) = (reading.Index, reading.Hashes!);
        var (first, last) = (tile * Tile.FullWidth, (tile * Tile.FullWidth) + hashes.Length - 1);
        var again = tile == current.Tile || (tile < next && !gaps.Fill(tile));
        CloseTile(tile, cutOff: false);
        if (again)
        {
            findings.Add(FindingKind.Inserted, first, $"The tile in line {reading.Line} was there before.", last);
            window.Open(first, []);
            return;
        }
        if (tile < next)
        {
            findings.Add(FindingKind.Reordered, first, $"Entries {first} to {last} were moved to line {reading.Line}.", last);
            numbering.Disturb();
        }
        OpenTile(tile, hashes, reading.Hash, reading.Line);
    }

    private void OpenTile(long tile, Digest[] hashes, in Digest root, long line)
    {
        var first = tile * Tile.FullWidth;
        if (hashes.Length < Tile.FullWidth)
        {
            // The edge has them already, and what the edge says leads to the signed root.
            if (ladder.EdgeHolds && !hashes.AsSpan().SequenceEqual(ladder.LastTile))
            {
                findings.Add(FindingKind.HashesAltered, first, $"The hashes of entries {first} to {head.Size - 1} in line {line} were altered.", head.Size - 1);
                hashes = ladder.LastTile;
            }
            current = (tile, null, true);
        }
        else
        {
            var due = ladder.RootOf(0, tile);
            if (due is null && ladder.EdgeHolds && unknownAbove != tile / Tile.FullWidth)
            {
                unknownAbove = tile / Tile.FullWidth;
                findings.Add(FindingKind.HashesAltered, first, $"The tile above entry {first} is missing.");
            }
            current = (tile, due ?? root, due is null || due == root);
        }
        window.Open(first, hashes);
    }

    /// <summary>Ends the tile whose lines were taken, and goes over those that did not come before <paramref name="upTo"/>.</summary>
    private void CloseTile(long upTo, bool cutOff)
    {
        if (current.Tile >= 0)
        {
            var (first, last) = (current.Tile * Tile.FullWidth, (current.Tile * Tile.FullWidth) + window.Expected.Length - 1);
            if (!current.Fits)
            {
                var believed = window.RootOfLines() == current.Root;
                if (believed)
                    window.Believe();
                findings.Add(FindingKind.HashesAltered, first, believed
                    ? $"The hashes of entries {first} to {last} were altered; the entries themselves are as recorded."
                    : $"The hashes of entries {first} to {last} were altered, so what is said of these entries may be wrong; elsewhere it is not.", last);
                current.Fits = believed;
            }
            if (current.Tile == next)
                Append(current.Tile, current.Root, current.Fits);
        }
        var orphans = current.Tile == Nowhere ? [] : window.TakeOrphans();
        window.Close(cutOff);
        current = (Nowhere, null, true);
        if (orphans.Count > 0)
            TakeOrphans(orphans, next < upTo, cutOff);
        if (next < upTo)
            Skip(upTo);
    }

    /// <summary>Entries without the tile that should stand before them.</summary>
    private void TakeOrphans(List<LineReading> orphans, bool tileMissing, bool cutOff)
    {
        var (tile, first) = (next, next * Tile.FullWidth);
        var width = (int)Math.Min(Tile.FullWidth, head.Size - first);
        if (!tileMissing || orphans.Count != width || orphans.Exists(orphan => orphan.Kind != LineKind.Entry))
        {
            orphans.ForEach(orphan => window.Take(orphan));
            window.Close(cutOff);
            return;
        }
        Digest[] hashes = [.. orphans.Select(orphan => orphan.Hash)];
        findings.Add(FindingKind.HashesAltered, first, $"The tile of entries {first} to {first + width - 1} is missing.", first + width - 1);
        OpenTile(tile, hashes, LineReader.RootOf(hashes), orphans[0].Line);
        orphans.ForEach(orphan => window.Take(orphan));
        CloseTile(next, cutOff);
    }

    private void Append(long tile, Digest? root, bool fits)
    {
        next = tile + 1;
        if (root is not { } hash)
        {
            AppendLeaves(window.Expected);
            return;
        }
        if (whole && fits)
            past.Reach(tree, window.Expected);
        AppendRoot(hash);
    }

    private void AppendLeaves(ReadOnlySpan<Digest> leaves)
    {
        if (!whole)
            return;
        past.Reach(tree, leaves);
        foreach (ref readonly var leaf in leaves)
            tree.Append(0, leaf);
    }

    private void AppendRoot(in Digest root)
    {
        if (!whole)
            return;
        tree.Append(8, root);
        past.Reach(tree);
    }

    private void Skip(long upTo)
    {
        gaps.Add(next, upTo);
        numbering.Disturb();
        // The hashes above may know what was there; a gap too wide to go through is not worth it.
        for (; next < upTo && whole && upTo - next <= ushort.MaxValue; next++)
        {
            if (ladder.RootOf(0, next) is { } root)
                AppendRoot(root);
            else if (next == tiles - 1 && ladder.EdgeHolds)
                AppendLeaves(ladder.LastTile);
            else
                whole = false;
        }
        whole &= next == upTo;
        next = upTo;
    }
}
