namespace Vouchsafe.Audit.Sequencing;

/// <summary>When this node's background sequencer ended its last round.</summary>
internal sealed class SequencerPulse(TimeProvider time)
{
    private long _last = long.MinValue;

    public void Beat() => Volatile.Write(ref _last, time.GetUtcNow().UtcTicks);

    /// <summary>It was told to end: from now on there is none.</summary>
    public void Stop() => Volatile.Write(ref _last, long.MinValue);

    /// <summary>How long ago; the longest time there is where it never ran.</summary>
    public TimeSpan Since(DateTimeOffset now) =>
        Volatile.Read(ref _last) is var last && last == long.MinValue ? TimeSpan.MaxValue : TimeSpan.FromTicks(Math.Max(0, now.UtcTicks - last));
}
