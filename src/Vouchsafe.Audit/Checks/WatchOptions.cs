namespace Vouchsafe.Audit.Checks;

/// <summary>How much one run of audit.immutable may read. It trades the time of a full pass against load, and is no promise.</summary>
internal sealed record WatchOptions
{
    /// <summary>A log with at most so many entries is read whole at each visit.</summary>
    public int Small { get; init; } = 16_384;

    /// <summary>How many entries one run reads again, over all logs.</summary>
    public int Entries { get; init; } = 100_000;

    /// <summary>How many new entries one run reads; what is more comes in the next.</summary>
    public int Fresh { get; init; } = 200_000;

    /// <summary>In a log with at most so many entries a new one that is older than its neighbours is looked for at once; in a larger one, when a pass over all of it ends.</summary>
    public int Searched { get; init; } = 1 << 20;

    /// <summary>How long a run visits logs; those that it didn't come to come first in the next.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(20);
}
