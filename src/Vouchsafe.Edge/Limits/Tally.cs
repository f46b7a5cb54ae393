namespace Vouchsafe.Edge.Limits;

/// <summary>What this node knows of one client: permits it may still hand out, or that there are none. Guarded by a lock on itself.</summary>
internal sealed class Tally(ClientLimit limit, ClientKey key)
{
    private Guid grant;
    private bool leased;
    private int left, used, batch = 1;
    private long lastUse, leaseEnds = long.MinValue, refusedUntil = long.MinValue, heldUntil = long.MinValue;

    /// <summary>Set while somebody asks the database for this client; all others wait for the answer.</summary>
    public Task? Asking { get; set; }

    public ClientLimit Limit => limit;

    public bool TryUse(long now)
    {
        if (left == 0 || now >= leaseEnds) return false;
        left--;
        used++;
        lastUse = now;
        return true;
    }

    /// <returns>How many ticks of the clock remain until a permit is free, or null where that isn't known.</returns>
    public long? RefusedFor(long now) => now < refusedUntil ? refusedUntil - now : null;

    /// <summary>How many to ask for: twice as many as last time where those were used up in time, one after a pause.</summary>
    public int NextBatch(long now)
    {
        batch = left == 0 && now < leaseEnds ? Math.Min(batch * 2, limit.Batch) : 1;
        return batch;
    }

    /// <summary>Takes up an answer; the first permit is used at once by whoever asked.</summary>
    /// <param name="sent">When the question was sent: the lease can't have begun earlier.</param>
    public void Granted(Guid id, int permits, long sent, long leaseTicks, long now)
    {
        grant = id;
        leased = permits > 1;
        left = permits - 1;
        used = 1;
        lastUse = now;
        leaseEnds = sent + leaseTicks;
        refusedUntil = long.MinValue;
    }

    public void Refused(long until)
    {
        left = 0;
        refusedUntil = until;
    }

    /// <summary>The client's row is held by somebody: it isn't asked for again before then.</summary>
    public void Held(long until) => heldUntil = until;

    public bool IsHeld(long now) => now < heldUntil;

    /// <summary>Ends the lease on this node.</summary>
    /// <returns>What is to be told to the database, or null where there is nothing.</returns>
    public Lease? Detach(long now, TimeProvider time)
    {
        if (!leased) return null;
        leased = false;
        left = 0;
        return new(limit, key, grant, used, time.GetElapsedTime(lastUse, now));
    }

    public void Forget() => refusedUntil = long.MinValue;

    public bool LeaseIsOver(long now) => leased && now >= leaseEnds;

    /// <summary>Whether nothing is lost with it.</summary>
    public bool IsIdle(long now) => Asking is null && !leased && now >= leaseEnds && now >= refusedUntil && now >= heldUntil;
}
