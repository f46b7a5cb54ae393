namespace Vouchsafe.Transparency.Exports.Verifying;

/// <summary>What was found so far. Keeps the first hundred, and counts the rest: a file of nothing but faults must not take memory.</summary>
internal sealed class FindingList
{
    private const int MostKept = 100;

    private readonly List<ExportFinding> kept = [];

    public long Count { get; private set; }

    /// <summary>By index, as far as they have one.</summary>
    public IReadOnlyList<ExportFinding> Kept => [.. kept.OrderBy(finding => finding.Index ?? -1)];

    public void Add(FindingKind kind, long? index, string message, long? last = null, long microseconds = 0, long? copyOf = null)
    {
        Count++;
        if (kept.Count < MostKept)
            kept.Add(new ExportFinding(kind, index, message)
            {
                Last = last, CopyOf = copyOf, Time = microseconds > 0 ? DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond) : null,
            });
    }
}
