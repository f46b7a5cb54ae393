namespace Vouchsafe.Audit.Sequencing;

/// <summary>
/// From which block of the table of pending appends a round looks. New rows come at its end, and what was taken stays there dead until a vacuum, which a long transaction holds up for as long as it runs: whoever looked
/// through all of it each time would soon do nothing else.
/// </summary>
/// <remarks>
/// A row may lie before that block: its writer found room there, or commits late. Therefore all of the table is looked at as often as that takes a tenth of the time; while it is small, in every round.
/// </remarks>
internal sealed class PendingScan(TimeProvider time)
{
    private const int Share = 10;

    private uint _newest, _before;
    private long? _lookedAt;
    private TimeSpan _took;

    /// <returns>The first block to look at; 0: all of it is due.</returns>
    public uint From() => _lookedAt is { } at && time.GetElapsedTime(at) < Share * _took ? Math.Min(_newest, _before) : 0;

    /// <param name="from">Where it began.</param>
    /// <param name="began">When, as the clock's timestamp.</param>
    /// <param name="first">The first block in which something was found; null: nothing.</param>
    public void Looked(uint from, long began, uint? first)
    {
        if (from == 0) (_lookedAt, _took) = (time.GetTimestamp(), time.GetElapsedTime(began));
        // Two rounds back: what commits a moment late still lies beside what was taken.
        if (first is { } block) (_newest, _before) = (block, _newest);
    }
}
