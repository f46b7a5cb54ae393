using Vouchsafe.Transparency.Entries;
using Vouchsafe.Transparency.Exports.Reading;

namespace Vouchsafe.Transparency.Exports.Verifying;

/// <summary>What must hold of an entry whose leaf is the one that the log holds. The same rules for an export and for a log in its database.</summary>
internal sealed class EntryRules(FindingList findings, int compared = ExportTrust.ComparedEntries)
{
    public Erasures Erasures { get; } = new();

    public Repetitions Repetitions { get; } = new(findings, compared);

    /// <summary>How many entries were read.</summary>
    public long Entries { get; private set; }

    /// <summary>How many of the log's first entries the furthest prune record names.</summary>
    public long RecordedPrune { get; private set; }

    /// <summary>What that record shows, and when it was recorded; null where whoever pruned was erased since.</summary>
    public (PruneEvidence Evidence, DateTimeOffset At)? Pruning { get; private set; }

    public void Accept(in LineReading reading, long index)
    {
        Entries++;
        if (reading.Has(EntryMarks.Foreign))
        {
            findings.Add(FindingKind.Foreign, index, $"What the log holds at index {index} is no entry of this log.");
            return;
        }
        Repetitions.Note(index, reading.Hash, reading.Time);
        if (reading.Has(EntryMarks.LabelDiffers))
            findings.Add(FindingKind.Edited, index, $"Entry {index} was edited: its time or event is not the one recorded.", microseconds: reading.Time);
        if (reading.Has(EntryMarks.ActorDiffers))
            findings.Add(FindingKind.Edited, index, $"Entry {index} was edited: its actor or address is not the one recorded.", microseconds: reading.Time);
        if (reading.Has(EntryMarks.FieldsDiffer))
            findings.Add(FindingKind.Edited, index, $"Entry {index} was edited: its fields are not those recorded.", microseconds: reading.Time);
        if (reading.Has(EntryMarks.ActorUnreadable | EntryMarks.FieldsUnreadable))
            findings.Add(FindingKind.Withheld, index, $"Values of entry {index} are missing, and were not erased.", microseconds: reading.Time);
        if (reading.Leaf == LeafKind.Prune && reading.PrunedBefore >= RecordedPrune)
        {
            RecordedPrune = reading.PrunedBefore;
            Pruning = reading.Pruning is { } evidence ? (evidence, DateTimeOffset.UnixEpoch.AddTicks(reading.Time * TimeSpan.TicksPerMicrosecond)) : null;
        }

        Erasures.Note(reading, index);
    }
}
