namespace Vouchsafe.Assurance.Results;

/// <summary>
/// The time by which results are judged: the latest of this node's clock, the database's, and the time that must have passed by the node's
/// monotonic counter. A clock that stands still or was set back therefore keeps nothing valid for longer than it is.
/// </summary>
/// <remarks>
/// What remains: a node and a database on one machine whose clock is set back while neither process runs. An outsider's
/// <c>vouchsafe verify</c> judges by the outsider's clock.
/// </remarks>
internal sealed class ResultClock(TimeProvider time)
{
    /// <summary>How far two clocks may differ before one of them is taken for wrong, and how far ahead of the clock an entry may be dated.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);

    private readonly Lock guard = new();
    private DateTimeOffset anchor;
    private long? stamp;

    /// <summary>The time, and which clock is wrong where one is.</summary>
    /// <param name="database">The database's time.</param>
    public (DateTimeOffset Now, string? Fault) Judge(DateTimeOffset database)
    {
        lock (guard)
        {
            var wall = time.GetUtcNow();
            var passed = stamp is { } since ? time.GetElapsedTime(since) : TimeSpan.Zero;
            var counted = stamp is null ? DateTimeOffset.MinValue : anchor + passed;
            var clocks = wall > database ? wall : database;
            // A counter runs a little fast or slow; where the clock keeps pace with it, it begins anew from the clock.
            if (stamp is null || wall >= counted - TimeSpan.FromSeconds(1) - (passed / 1000))
                (anchor, stamp) = (wall, time.GetTimestamp());
            var now = clocks > counted ? clocks : counted;
            return (now, Fault(wall, database, counted));
        }
    }

    private static string? Fault(DateTimeOffset wall, DateTimeOffset database, DateTimeOffset counted) =>
        counted - wall > Skew ? $"The clock of this node stood still or was set back: it is {Seconds(counted - wall)} behind what its counter says."
        : database - wall > Skew ? $"The clock of this node is {Seconds(database - wall)} behind the database's."
        : wall - database > Skew ? $"The clock of this node is {Seconds(wall - database)} ahead of the database's."
        : null;

    private static string Seconds(TimeSpan span) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{span.TotalSeconds:0} s");
}
