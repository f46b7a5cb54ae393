using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Transparency.Exports;

/// <summary>What an export proves to be; the worst that holds.</summary>
public enum ExportVerdict
{
    /// <summary>Every entry is there, in its place, as it was recorded, with all of its values.</summary>
    Valid,

    /// <summary>As <see cref="Valid"/>, but values of people whose erasure the log records are gone.</summary>
    LawfullyErased,

    /// <summary>As before, but the log's first entries are gone, and the log records that they were pruned.</summary>
    Pruned,

    /// <summary>Something was edited, removed, inserted, reordered, re-signed, withheld or rolled back; the findings say what.</summary>
    Tampered,

    /// <summary>The log has shown someone else a different history: it signed a checkpoint that this one does not continue.</summary>
    SplitView,
}

public enum FindingKind
{
    /// <summary>A line does not stand as the format demands, or the export is cut off.</summary>
    Malformed,
    Edited,
    Removed,
    Inserted,
    Reordered,

    /// <summary>The log holds an entry twice: somebody handed it in again. Each entry has salts of its own, so no two are alike.</summary>
    Repeated,

    /// <summary>Values are missing and the log records no erasure.</summary>
    Withheld,

    /// <summary>The log holds it, but it is no entry, or another log's: somebody wrote past the code that records.</summary>
    Foreign,

    /// <summary>First entries are missing and the log records no pruning.</summary>
    PrunedWithoutRecord,

    /// <summary>Hashes of the export don't lead to the signed root; which entries stand under them, the index says.</summary>
    HashesAltered,

    /// <summary>The checkpoint is not signed by the log's key.</summary>
    Resigned,

    /// <summary>The log is smaller than it was seen before: an old backup was restored, or the export is older than the checkpoint.</summary>
    RolledBack,

    /// <summary>The log's beginning differs from what was seen before.</summary>
    SplitView,

    /// <summary>The roll-up log does not hold this checkpoint.</summary>
    NotRolledUp,
}

/// <param name="Kind">What was found.</param>
/// <param name="Index">The entry's index in the log, where one can be named.</param>
/// <param name="Message">The same for people. Holds no value of an entry.</param>
public sealed record ExportFinding(FindingKind Kind, long? Index, string Message)
{
    /// <summary>The last of the entries that it is about, where they are several.</summary>
    public long? Last { get; init; }

    /// <summary>Of <see cref="FindingKind.Repeated"/>: the index at which the first of them stands already.</summary>
    public long? CopyOf { get; init; }

    /// <summary>When the entry was recorded, where its own leaf is there to tell.</summary>
    public DateTimeOffset? Time { get; init; }
}

/// <summary>Whether the export continues the earlier checkpoints.</summary>
public enum Continuity
{
    NotAsked,

    /// <summary>Each of them is a beginning of the exported log.</summary>
    Continues,

    /// <summary>It can't be told: one lies among the pruned entries and the export holds no proof from there, or hashes were altered.</summary>
    Unanswered,

    /// <summary>One is larger than the exported log.</summary>
    RolledBack,

    /// <summary>One has another history.</summary>
    Differs,
}

/// <summary>What the verifier saw.</summary>
public sealed record ExportReport
{
    public required ExportVerdict Verdict { get; init; }

    /// <summary>The log's origin as the checkpoint names it.</summary>
    public required string Origin { get; init; }

    /// <summary>The head that the checkpoint names.</summary>
    public required TreeHead Head { get; init; }

    /// <summary>How many entries were read.</summary>
    public long Entries { get; init; }

    /// <summary>In how many of them values are erased.</summary>
    public long Erased { get; init; }

    /// <summary>How many of the log's first entries are pruned.</summary>
    public long Pruned { get; init; }

    /// <summary>How many entries are dated so far back that they couldn't be compared with all that stand before them (docs/formats/audit-export.md).</summary>
    public long Uncompared { get; init; }

    /// <summary>Whether the key came from outside the file. If not, the file vouches for itself, and only its inner consistency is shown.</summary>
    public bool KeyTrusted { get; init; }

    /// <summary>The key that signed, or should have, as a vkey.</summary>
    public required string VerifierKey { get; init; }

    public Continuity Previous { get; init; }

    /// <summary>Whether a roll-up log's checkpoint over this one was there and verified.</summary>
    public bool RolledUp { get; init; }

    /// <summary>The roll-up log that the export names, as a vkey; null where it names none. Untrusted text unless <see cref="RolledUp"/>.</summary>
    public string? RollUpKey { get; init; }

    /// <summary>Whether the roll-up log was named from outside the file. If not, the file chose it, and it may be anybody's.</summary>
    public bool RollUpTrusted { get; init; }

    /// <summary>How many of the witnesses asked for cosigned the roll-up log's checkpoint, where this one stands in it.</summary>
    public int Witnessed { get; init; }

    /// <summary>When each of the witnesses asked for cosigned, in the order they were asked for; null where one didn't.</summary>
    public IReadOnlyList<WitnessTime> Cosigned { get; init; } = [];

    /// <summary>How many hand-overs lead from the key that was given (or the log's first) to the one that signed.</summary>
    public int Handovers { get; init; }

    /// <summary>Since when the key that signed is the log's, where a hand-over says so.</summary>
    public DateTimeOffset? KeySince { get; init; }

    /// <summary>How many witnesses were asked for.</summary>
    public int WitnessesAsked { get; init; }

    /// <summary>The findings in the log's order, the first hundred of them; see <see cref="FindingCount"/>.</summary>
    public IReadOnlyList<ExportFinding> Findings { get; init; } = [];

    public long FindingCount { get; init; }
}
