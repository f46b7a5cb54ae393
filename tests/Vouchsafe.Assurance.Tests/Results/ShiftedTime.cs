namespace Vouchsafe.Assurance.Tests.Results;

/// <summary>A node's clock that can be off, over a counter that isn't.</summary>
internal sealed class ShiftedTime(TimeProvider time) : TimeProvider
{
    /// <summary>How far the clock is ahead.</summary>
    public TimeSpan Ahead { get; set; }

    /// <summary>Where not null, the clock stands still there.</summary>
    public DateTimeOffset? Frozen { get; set; }

    public override long TimestampFrequency => time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => Frozen ?? time.GetUtcNow() + Ahead;

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => time.CreateTimer(callback, state, dueTime, period);
}
