using Vouchsafe.Transparency.Checkpoints;

namespace Vouchsafe.Transparency.Exports;

/// <summary>What whoever verifies an export knows from elsewhere.</summary>
public sealed record ExportTrust
{
    internal const int ComparedEntries = 1 << 17;

    /// <summary>The log's key; null: the export's own word is taken for it, which shows only that the export is consistent in itself.</summary>
    public NoteVerifier? Key { get; init; }

    /// <summary>Signed notes with earlier checkpoints of the log. Each must turn out to be a beginning of what is exported; the more there
    /// are, the closer a rewritten entry is found.</summary>
    public IReadOnlyList<SignedNote> Previous { get; init; } = [];

    /// <summary>Hand-overs of the log's key, and of the roll-up log's, that are known from elsewhere, beside those that the export carries.</summary>
    public IReadOnlyList<SignedNote> Handovers { get; init; } = [];

    /// <summary>The present: what is dated later is refused. Null: not looked at.</summary>
    public DateTimeOffset? Now { get; init; }

    /// <summary>
    /// The key of the roll-up log; null: the export's own word is taken for which log that is. A witness cosigns the logs of many people, so its cosignature
    /// counts only on this one, or on the one whose key <see cref="Handovers"/> lead to from here.
    /// </summary>
    public NoteVerifier? RollUp { get; init; }

    /// <summary>Keys of witnesses of the roll-up log, each of which must have cosigned its checkpoint. They need <see cref="RollUp"/>.</summary>
    public IReadOnlyList<NoteVerifier> Witnesses { get; init; } = [];

    /// <summary>How many processors to use, 1 to 16; null: those that there are, up to 4.</summary>
    public int? Threads { get; init; }

    /// <summary>How many of the newest entries are remembered at least, to compare others with.</summary>
    internal int Compared { get; init; } = ComparedEntries;

    /// <summary>Told now and then how far it went.</summary>
    public IProgress<ExportProgress>? Progress { get; init; }
}

/// <param name="Entries">How many entries were read.</param>
/// <param name="Of">How many there are, as the checkpoint says.</param>
/// <param name="Bytes">How many bytes were read.</param>
public readonly record struct ExportProgress(long Entries, long Of, long Bytes);
