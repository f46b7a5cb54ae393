using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Transparency.Entries;

namespace Vouchsafe.Audit.Checks;

/// <summary>What this node saw of one log since it started. Lies in memory, where nobody who reaches the database reaches it.</summary>
internal sealed class LogWatch
{
    private LeafSample? _leaves;
    private long _seenTo;
    private uint _pass;

    public required Guid Tenant { get; init; }

    /// <summary>Entries before this index were read at least once.</summary>
    public long Fresh { get; set; }

    /// <summary>Where the pass over all entries goes on.</summary>
    public long Position { get; set; }

    /// <summary>Where the log began when the pass did.</summary>
    public long PrunedTo { get; set; }

    /// <summary>Whether the pass began at the log's first entry; one that goes on where a node stopped before it restarted didn't.</summary>
    public bool FromStart { get; set; }

    /// <summary>Whether a pass from the first entry came to the end: then every erasure and pruning that the log records is known.</summary>
    public bool Complete { get; set; }

    /// <summary>The run in which it was visited last.</summary>
    public long Visited { get; set; } = -1;

    /// <summary>People whose erasure the log records.</summary>
    public HashSet<Tag> Erasures { get; } = [];

    /// <summary>People whose values are gone, each with the first entry that misses them.</summary>
    public Dictionary<Tag, long> Erased { get; } = [];

    /// <summary>The record of the furthest pruning.</summary>
    public PruneRecord? Pruning { get; set; }

    public TableMatch Rows { get; private set; } = new(0);

    public KnownRepeats Repeats { get; } = new();

    /// <summary>What is wrong with head, edge or extent, found anew at each visit.</summary>
    public IReadOnlyList<string> Torn { get; set; } = [];

    /// <summary>Damaged bundles: each by its first entry, until that bundle is seen whole again.</summary>
    public SortedDictionary<long, string> Damaged { get; } = [];

    /// <summary>What inspectors found, by the first entry of the bundle and the control, until that bundle is read again.</summary>
    public SortedDictionary<(long First, string Control), string> Inspected { get; } = [];

    /// <summary>What the last whole pass found: it stands until another whole pass doesn't.</summary>
    public IReadOnlyList<string> Unexplained { get; set; } = [];

    public IEnumerable<string> Faults => Torn.Concat(Damaged.Values).Concat(Repeats.Faults).Concat(Unexplained);

    /// <param name="entries">How many entries the log has.</param>
    public void BeginPass(long prunedTo, long entries)
    {
        (Position, PrunedTo, FromStart, Rows, _seenTo) = (prunedTo, prunedTo, true, new TableMatch(prunedTo), prunedTo);
        _leaves = new LeafSample(entries, _pass++);
    }

    /// <summary>Takes the next entry of the pass.</summary>
    public void Seen(long index, Guid entry, in Digest leaf)
    {
        // The bundle at the log's end is read again when it has grown.
        if (index < _seenTo)
            return;
        _seenTo = index + 1;
        // Where a pass goes on that a node began before it restarted, the rows before aren't known.
        if (FromStart)
            Rows.Seen(index, entry);
        if (_leaves?.Seen(index, leaf) is { } before)
            Repeats.Note(new Repeat(before, index, 1));
    }

    public void Note(VerifiedSegment segment)
    {
        Erasures.UnionWith(segment.Report.Erasures);
        foreach (var (person, index) in segment.Report.Erased)
            Erased.TryAdd(person, index);
        foreach (var record in segment.Records)
            if (record.Before >= (Pruning?.Before ?? 0))
                Pruning = record;
    }
}
