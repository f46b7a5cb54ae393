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

    /// <summary>The log has shown someone else a different history: a checkpoint seen before does not fit.</summary>
    SplitView,
}

public enum FindingKind
{
    /// <summary>The file is not an export, or is cut off.</summary>
    Malformed,
    Edited,
    Removed,
    Inserted,
    Reordered,

    /// <summary>Values are missing and the log records no erasure.</summary>
    Withheld,

    /// <summary>The entry belongs to another log.</summary>
    Foreign,

    /// <summary>First entries are missing and the log records no pruning.</summary>
    PrunedWithoutRecord,

    /// <summary>Entries and hashes agree with each other, yet not with the signed root.</summary>
    RootDiffers,

    /// <summary>The checkpoint is not signed by the trusted key.</summary>
    Resigned,

    /// <summary>The log is smaller than it was seen before: an old backup was restored.</summary>
    RolledBack,

    /// <summary>The log's beginning differs from what was seen before.</summary>
    SplitView,

    /// <summary>The roll-up log does not hold this checkpoint.</summary>
    NotRolledUp,
}

/// <param name="Kind">What was found.</param>
/// <param name="Index">The entry's index in the log, where one can be named.</param>
/// <param name="Message">The same for people. Holds no value of an entry.</param>
public sealed record ExportFinding(FindingKind Kind, long? Index, string Message);

/// <summary>What the verifier saw.</summary>
public sealed record ExportReport
{
    public required ExportVerdict Verdict { get; init; }

    /// <summary>The log's origin as the checkpoint names it; null where none could be read.</summary>
    public string? Origin { get; init; }

    /// <summary>The head that the checkpoint names; null where none could be read.</summary>
    public TreeHead? Head { get; init; }

    /// <summary>How many entries were read.</summary>
    public long Entries { get; init; }

    /// <summary>In how many of them values are erased.</summary>
    public long Erased { get; init; }

    /// <summary>How many of the log's first entries are pruned.</summary>
    public long Pruned { get; init; }

    /// <summary>Whether the key came from outside the file. If not, the file vouches for itself, and only its inner consistency is shown.</summary>
    public bool KeyTrusted { get; init; }

    /// <summary>Whether a roll-up log's checkpoint over this one was there and verified.</summary>
    public bool RolledUp { get; init; }

    /// <summary>The first findings; see <see cref="FindingCount"/>.</summary>
    public IReadOnlyList<ExportFinding> Findings { get; init; } = [];

    public long FindingCount { get; init; }
}
