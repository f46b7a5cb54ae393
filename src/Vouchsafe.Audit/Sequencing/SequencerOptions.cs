namespace Vouchsafe.Audit.Sequencing;

/// <summary>How the sequencer paces itself. Not promises, so not in a posture: they trade latency against load.</summary>
internal sealed record SequencerOptions
{
    /// <summary>The shortest time from one round to the next.</summary>
    public TimeSpan Pace { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>The longest time without looking, when nothing wakes it.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many appends one round takes.</summary>
    public int RoundAppends { get; init; } = 4096;

    /// <summary>How many entries they may hold together; a single larger append still goes through.</summary>
    public int RoundEntries { get; init; } = 65_536;

    /// <summary>How long a log that was found damaged is left alone.</summary>
    public TimeSpan Reconsider { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How many logs' right edges are kept in memory (up to 16 KiB each).</summary>
    public int KeptEdges { get; init; } = 4096;
}
