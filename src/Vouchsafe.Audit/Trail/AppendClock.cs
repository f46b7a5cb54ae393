namespace Vouchsafe.Audit.Trail;

/// <summary>
/// Milliseconds with 12 bits of a counter (RFC 9562, section 6.2, method 1): what one node appends one after the other has ids,
/// and with them indexes in the log, in that order.
/// </summary>
internal sealed class AppendClock
{
    private long _last;

    public long Next(DateTimeOffset now)
    {
        var floor = now.ToUnixTimeMilliseconds() << 12;
        while (true)
        {
            var last = Volatile.Read(ref _last);
            var next = Math.Max(floor, last + 1);
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
                return next;
        }
    }
}
