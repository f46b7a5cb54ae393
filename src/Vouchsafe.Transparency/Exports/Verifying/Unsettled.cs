using Vouchsafe.Cryptography.Hashing;

namespace Vouchsafe.Transparency.Exports.Verifying;

/// <summary>An entry of the log that isn't where it belongs.</summary>
/// <param name="After">When the entry before it was recorded, microseconds; 0 where that isn't known.</param>
internal sealed record MissingEntry(long Index, Digest Hash, long After)
{
    public bool Settled { get; set; }
}

/// <summary>A line that belongs to no entry where it stands.</summary>
/// <param name="Hash">Its leaf's; null where it has none.</param>
/// <param name="Before">The index of the entry before which it stands.</param>
/// <param name="InsteadOf">The missing entry in whose place it stands.</param>
/// <param name="Gone">Whether the line itself says that its entry was gone when the export was made.</param>
/// <param name="Malformed">Whether it doesn't read as a line.</param>
internal sealed record StrangeLine(long Line, Digest? Hash, long Before, MissingEntry? InsteadOf, bool Gone, bool Malformed)
{
    public bool Settled { get; set; }
}

/// <summary>
/// Entries that are missing and lines that are strange, until it is known whether one is the other: an entry that was moved is missing
/// in one place and strange in another. Holds a bounded number; beyond it, what came is judged by its place alone.
/// </summary>
internal sealed class Unsettled(FindingList findings)
{
    private const int Most = 4096;

    private readonly List<MissingEntry> missing = [];
    private readonly List<StrangeLine> strange = [];
    private readonly Dictionary<Digest, MissingEntry> missingByHash = [];
    private readonly Dictionary<Digest, StrangeLine> strangeByHash = [];

    public void Add(MissingEntry entry)
    {
        if (strangeByHash.Remove(entry.Hash, out var line))
        {
            (entry.Settled, line.Settled) = (true, true);
            Moved(entry, line);
        }
        missing.Add(entry);
        missingByHash.TryAdd(entry.Hash, entry);
    }

    /// <summary>To be called after its <see cref="StrangeLine.InsteadOf"/> was added.</summary>
    public void Add(StrangeLine line)
    {
        if (line.Hash is { } hash && missingByHash.Remove(hash, out var entry) && !entry.Settled)
        {
            (entry.Settled, line.Settled) = (true, true);
            Moved(entry, line);
        }
        strange.Add(line);
        if (line is { Hash: { } own, Settled: false })
            strangeByHash.TryAdd(own, line);
        if (strange.Count + missing.Count > Most)
            Settle();
    }

    /// <summary>Judges what is left.</summary>
    public void Settle()
    {
        foreach (var line in strange.Where(line => !line.Settled))
        {
            if (line.InsteadOf is { Settled: false } entry)
            {
                entry.Settled = true;
                Replaced(entry, line);
            }
            else if (line.Malformed)
                findings.Add(FindingKind.Malformed, null, $"Line {line.Line}, before entry {line.Before}, is not as the format demands.");
            else
                findings.Add(FindingKind.Inserted, line.Before, $"An entry was inserted before entry {line.Before} (line {line.Line}): the log does not hold it there.");
        }
        foreach (var entry in missing.Where(entry => !entry.Settled))
            findings.Add(FindingKind.Removed, entry.Index, $"Entry {entry.Index} was removed{After(entry)}.");
        missing.Clear();
        strange.Clear();
        missingByHash.Clear();
        strangeByHash.Clear();
    }

    private void Replaced(MissingEntry entry, StrangeLine line)
    {
        if (line.Gone)
            findings.Add(FindingKind.Removed, entry.Index, $"Entry {entry.Index} was removed before the export was made{After(entry)}.");
        else
            findings.Add(FindingKind.Edited, entry.Index, line.Malformed
                ? $"Entry {entry.Index} was edited{After(entry)}: line {line.Line} is not as the format demands."
                : $"Entry {entry.Index} was edited{After(entry)}: what line {line.Line} holds is not what the log holds.");
    }

    private void Moved(MissingEntry entry, StrangeLine line) =>
        findings.Add(FindingKind.Reordered, entry.Index, $"Entry {entry.Index} was moved: it stands before entry {line.Before} (line {line.Line}).");

    private static string After(MissingEntry entry) => entry.After > 0
        ? $" (the one before it was recorded {DateTimeOffset.UnixEpoch.AddTicks(entry.After * TimeSpan.TicksPerMicrosecond):yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'})"
        : "";
}
