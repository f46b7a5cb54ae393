using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;
using Vouchsafe.Postgres.Errors;

namespace Vouchsafe.Edge.Limits;

/// <summary>Decides whether a client may ask now. Exact over all nodes: what it counts by is the database's, it only holds leases.</summary>
internal sealed partial class RateLimiter(IPermits permits, NodeId node, TimeProvider time, ILogger<RateLimiter> log)
{
    /// <summary>Clients that one node remembers. Beyond them a client is asked for in the database each time, and nothing is remembered.</summary>
    internal const int MostClients = 50_000;

    /// <summary>How long other nodes are waited for before a refusal.</summary>
    private static readonly TimeSpan RecallPatience = TimeSpan.FromSeconds(2);

    /// <summary>How long an answer of the database is waited for, and how long it is left alone after it gave none.</summary>
    private static readonly TimeSpan AskPatience = TimeSpan.FromSeconds(5), Pause = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<ClientKey, Tally> tallies = new();
    private readonly ConcurrentDictionary<ClientKey, TaskCompletionSource> recalls = new();
    private long awayUntil = long.MinValue;

    internal int Remembered => tallies.Count;

    /// <exception cref="LimitsUnavailableException">The database doesn't answer. Whether the limit is kept can't be known then, so nobody is let in.</exception>
    public async ValueTask<Admission> AskAsync(ClientLimit limit, IPAddress client, CancellationToken cancellationToken)
    {
        var key = ClientKey.Of(limit, client);
        while (true)
        {
            var tally = Find(limit, key);
            Task? somebody;
            TaskCompletionSource? mine = null;
            lock (tally)
            {
                var now = time.GetTimestamp();
                if (tally.TryUse(now)) return Admission.Granted;
                if (tally.RefusedFor(now) is { } ticks) return Admission.Refused(Span(ticks));
                if (tally.IsHeld(now)) throw new LimitsUnavailableException();
                somebody = tally.Asking;
                if (somebody is null)
                    tally.Asking = (mine = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
            if (mine is null)
            {
                await somebody!.WaitAsync(cancellationToken);
                continue;
            }
            try
            {
                return await RefillAsync(tally, limit, key, cancellationToken);
            }
            finally
            {
                lock (tally) tally.Asking = null;
                mine.SetResult();
            }
        }
    }

    private Tally Find(ClientLimit limit, ClientKey key)
    {
        if (tallies.TryGetValue(key, out var known) && known.Limit == limit) return known;
        var fresh = new Tally(limit, key);
        if (known is not null) return tallies.AddOrUpdate(key, fresh, (_, there) => there.Limit == limit ? there : fresh);
        return tallies.Count >= MostClients ? fresh : tallies.GetOrAdd(key, fresh);
    }

    private async Task<Admission> RefillAsync(Tally tally, ClientLimit limit, ClientKey key, CancellationToken cancellationToken)
    {
        if (time.GetTimestamp() < Volatile.Read(ref awayUntil)) throw new LimitsUnavailableException();
        using var patience = new CancellationTokenSource(AskPatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            return await RefillInTimeAsync(tally, limit, key, either.Token);
        }
        catch (DatabaseRefusedException held) when (held.Refusal == Refusal.TooSlow)
        {
            // The database answers; somebody holds this client's row. Whoever else comes for this client doesn't wait as well, and nobody else is refused.
            lock (tally) tally.Held(time.GetTimestamp() + Ticks(Pause));
            ClientHeld(held);
            throw new LimitsUnavailableException(held);
        }
        catch (Exception away) when (!cancellationToken.IsCancellationRequested)
        {
            Volatile.Write(ref awayUntil, time.GetTimestamp() + Ticks(Pause));
            NoAnswer(away);
            throw new LimitsUnavailableException(away);
        }
    }

    private async Task<Admission> RefillInTimeAsync(Tally tally, ClientLimit limit, ClientKey key, CancellationToken cancellationToken)
    {
        Lease? before;
        int most;
        lock (tally)
        {
            most = tallies.ContainsKey(key) ? tally.NextBatch(time.GetTimestamp()) : 1;
            before = tally.Detach(time.GetTimestamp(), time);
        }
        var (taken, grant, sent) = await TakeAsync(limit, key, most, before, cancellationToken);
        if (taken is { Granted: 0, Others: > 0 })
            (taken, grant, sent) = await RecallAsync(limit, key, taken, cancellationToken);
        lock (tally)
        {
            var now = time.GetTimestamp();
            if (taken.Granted > 0)
            {
                tally.Granted(grant, taken.Granted, sent, Ticks(limit.Lease), now);
                return Admission.Granted;
            }
            // Others that didn't answer may still give something back; nothing else can before the first permit is free.
            var wait = taken.Others > 0 && taken.OthersFor < taken.Wait ? taken.OthersFor : taken.Wait;
            tally.Refused(now + Ticks(wait));
            return Admission.Refused(taken.Wait);
        }
    }

    private async Task<(Taken, Guid, long)> TakeAsync(ClientLimit limit, ClientKey key, int most, Lease? before, CancellationToken cancellationToken)
    {
        var grant = Guid.CreateVersion7(time.GetUtcNow());
        var sent = time.GetTimestamp();
        return (await permits.TakeAsync(limit, key, grant, most, before, cancellationToken), grant, sent);
    }

    /// <summary>Other nodes hold permits that they may not need: asks for them, and tries again each time one answers.</summary>
    private async Task<(Taken, Guid, long)> RecallAsync(ClientLimit limit, ClientKey key, Taken taken, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var patience = taken.OthersFor < RecallPatience ? taken.OthersFor : RecallPatience;
        var back = recalls.GetOrAdd(key, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        await permits.RecallAsync(key, cancellationToken);
        while (true)
        {
            var remaining = patience - time.GetElapsedTime(began);
            var answered = remaining > TimeSpan.Zero && await InTimeAsync(back.Task, remaining, cancellationToken);
            recalls.TryRemove(key, out _);
            back = recalls.GetOrAdd(key, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
            var (again, grant, sent) = await TakeAsync(limit, key, 1, null, cancellationToken);
            if (again.Granted > 0 || again.Others == 0 || !answered)
            {
                recalls.TryRemove(key, out _);
                return (again, grant, sent);
            }
        }
    }

    private async Task<bool> InTimeAsync(Task task, TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            await task.WaitAsync(patience, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Another node needs what this one holds for a client.</summary>
    public async Task OnRecallAsync(ClientKey key, CancellationToken cancellationToken)
    {
        if (!tallies.TryGetValue(key, out var tally)) return;
        Lease? lease;
        lock (tally) lease = tally.Detach(time.GetTimestamp(), time);
        if (lease is not null) await permits.AnswerRecallAsync(lease, key, cancellationToken);
    }

    /// <summary>Another node gave something back for a client.</summary>
    public void OnBack(ClientKey key)
    {
        if (tallies.TryGetValue(key, out var tally))
            lock (tally) tally.Forget();
        if (recalls.TryGetValue(key, out var waiting)) waiting.TrySetResult();
    }

    /// <summary>Gives back leases that are over, or all of them when the node stops, and forgets clients of whom nothing is known.</summary>
    public async Task TidyAsync(bool all, CancellationToken cancellationToken)
    {
        var over = new List<Lease>();
        foreach (var (key, tally) in tallies)
        {
            lock (tally)
            {
                var now = time.GetTimestamp();
                if ((all || tally.LeaseIsOver(now)) && tally.Detach(now, time) is { } lease) over.Add(lease);
                if (tally.IsIdle(now)) tallies.TryRemove(new(key, tally));
            }
        }
        if (over.Count > 0) await permits.GiveBackAsync(over, cancellationToken);
    }

    internal NodeId Node => node;

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);

    private TimeSpan Span(long ticks) => TimeSpan.FromSeconds((double)ticks / time.TimestampFrequency);

    [LoggerMessage(4010, LogLevel.Error, "Rate limits can't be counted: the database doesn't answer. Limited requests are refused until it does")]
    private partial void NoAnswer(Exception problem);

    [LoggerMessage(4013, LogLevel.Error, "One client's requests can't be counted: a database session holds its row; that client is refused until it is free")]
    private partial void ClientHeld(Exception problem);
}

/// <summary>Whether a request may go on.</summary>
/// <param name="RetryAfter">Until the next permit is free, where it may not.</param>
internal readonly record struct Admission(bool Allowed, TimeSpan RetryAfter)
{
    public static Admission Granted => new(true, TimeSpan.Zero);

    public static Admission Refused(TimeSpan retryAfter) => new(false, retryAfter);
}

/// <summary>The database that counts doesn't answer.</summary>
internal sealed class LimitsUnavailableException(Exception? inner = null) : Exception("Rate limits can't be counted.", inner);
