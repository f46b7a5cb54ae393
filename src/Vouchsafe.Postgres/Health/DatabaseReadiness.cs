using System.Security.Cryptography;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Postgres.Health;

/// <summary>Whether the database takes writes: a real one, committed, and now and then one that needs more room on its disk.</summary>
/// <remarks>
/// A server whose disk is full still reads, and still updates a row in place. So every look updates a row, and one look in fifteen seconds,
/// or each look after any session's write failed for want of room, also writes <see cref="FillerSize"/> that were not there and rolls them
/// back. Looks are shared: however many ask, the database is asked once a second.
/// </remarks>
public sealed class DatabaseReadiness(Database database, TimeProvider time) : IDisposable
{
    private const int FillerSize = 256 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan GrowEvery = TimeSpan.FromSeconds(15);
    private static readonly Actor Prober = Actor.System("health");

    private readonly SemaphoreSlim _one = new(1, 1);
    private long _lookedAt, _grewAt;
    private bool _looked, _grew, _ready;

    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_looked && time.GetElapsedTime(_lookedAt) < Lasts)
                return _ready;
            _ready = await LookAsync();
            (_looked, _lookedAt) = (true, time.GetTimestamp());
            return _ready;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    /// <summary>Not cut off by who asked: the answer is everybody's.</summary>
    private async Task<bool> LookAsync()
    {
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            await using var session = database.Platform(Prober);
            await session.ExecuteAsync(
                "insert into vouchsafe.write_probe (written_at) values ($1) on conflict (only_row) do update set written_at = excluded.written_at",
                [session.Now], patience.Token);
            if (database.WriteFailures.Suspected || !_grew || time.GetElapsedTime(_grewAt) >= GrowEvery)
                await GrowAsync(session, patience.Token);
            return true;
        }
        catch (Exception)
        {
            // Why stands in the log of whoever else meets it; a load balancer wants to know whether, and soon.
            return false;
        }
    }

    private async Task GrowAsync(PlatformSession session, CancellationToken cancellationToken)
    {
        _grew = false;
        await session.BeginAsync(cancellationToken);
        await session.ExecuteAsync("update vouchsafe.write_probe set filler = $1", [RandomNumberGenerator.GetBytes(FillerSize)], cancellationToken);
        await session.RollbackAsync(cancellationToken);
        database.WriteFailures.Clear();
        (_grew, _grewAt) = (true, time.GetTimestamp());
    }
}
