using System.Data;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Vouchsafe.Postgres.Roles;

namespace Vouchsafe.Postgres.Sessions;

/// <summary>The open connections of one login. A session rents one and hands it back, or has it closed.</summary>
/// <remarks>
/// A pool of our own, because the driver's can't close one connection: it can only be cleared as a whole, and then one injected statement would
/// cost every other session its connection (decision 0022).
/// </remarks>
internal sealed partial class ConnectionPool : IAsyncDisposable
{
    /// <summary>How long a connection may lie idle.</summary>
    internal static readonly TimeSpan IdleLifetime = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    private readonly NpgsqlDataSource _source;
    private readonly string _login;
    private readonly TimeSpan _wait;
    private readonly SemaphoreSlim _permits;
    private readonly TimeProvider _time;
    private readonly ITimer _sweep;
    private readonly ILogger _log;

    // The longest idle first; taken from the end, where the caches are warm.
    private readonly List<PooledConnection> _idle = [];
    private bool _disposed;
    private int _generation;

    /// <param name="connectionString">Of the login; its maximum pool size and its time-out bound this pool.</param>
    internal ConnectionPool(string connectionString, TimeProvider time, ILogger? log)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        (_login, _wait, _permits) = (settings.Username!, TimeSpan.FromSeconds(settings.Timeout), new SemaphoreSlim(settings.MaxPoolSize));
        settings.Pooling = false;
        _source = NpgsqlDataSource.Create(settings.ConnectionString);
        (_time, _log) = (time, log ?? NullLogger.Instance);
        _sweep = time.CreateTimer(static pool => _ = ((ConnectionPool)pool!).CloseOldAsync(), this, SweepInterval, SweepInterval);
    }

    private Fault? _fault;

    /// <summary>Waits its turn where all connections are in use.</summary>
    /// <exception cref="NpgsqlException">None became free in time, or none could be opened.</exception>
    /// <exception cref="Errors.UnsafeConnectionException">The login's settings were changed, or a pooler stands in between.</exception>
    internal async ValueTask<PooledConnection> RentAsync(CancellationToken cancellationToken)
    {
        if (!await _permits.WaitAsync(_wait, cancellationToken))
            throw new NpgsqlException("All connections of the login are in use.", new TimeoutException());
        try
        {
            var generation = Volatile.Read(ref _generation);
            while (TakeIdle() is { } idle)
            {
                if (idle.Generation == generation)
                    return idle;
                await CloseAsync(idle);
            }

            return new PooledConnection(await OpenAsync(cancellationToken), generation);
        }
        catch
        {
            _permits.Release();
            throw;
        }
    }

    /// <summary>Takes a connection back for the next session, or closes it.</summary>
    /// <param name="user">Whose session it was, for the log.</param>
    /// <param name="canary">It was a check's.</param>
    internal async ValueTask ReturnAsync(PooledConnection connection, string user, bool canary)
    {
        try
        {
            if (connection.Tainted)
            {
                PoolMetrics.Discarded(_login, canary);
                if (!canary)
                    Discarded(_log, _login, user);
            }

            var taken = !connection.Tainted || (Volatile.Read(ref _fault) is { } fault && (canary || !fault.CanariesAlone));
            // Not where the driver broke it, nor where a reader was left open.
            var reusable = taken && connection.Npgsql.FullState == ConnectionState.Open;
            if (!reusable || !PutBack(connection))
                await CloseAsync(connection);
        }
        finally
        {
            _permits.Release();
        }
    }

    /// <summary>The server went away under one connection: those that lie idle are closed when they are next asked for, instead of failing one by one.</summary>
    internal void Suspect() => Interlocked.Increment(ref _generation);

    /// <summary>For drills and tests: hands a connection on, whatever was done on it, until the fault is disposed; then closes all that lie idle.</summary>
    /// <param name="canariesAlone">Those of the checks' sessions, which leave nothing that harms.</param>
    internal IDisposable Break(bool canariesAlone) => _fault = new Fault(this, canariesAlone);

    public async ValueTask DisposeAsync()
    {
        PooledConnection[] idle;
        lock (_idle)
        {
            _disposed = true;
            idle = [.. _idle];
            _idle.Clear();
        }

        await _sweep.DisposeAsync();
        foreach (var connection in idle)
            await CloseAsync(connection);
        await _source.DisposeAsync();
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var opened = await _source.OpenConnectionAsync(cancellationToken);
        try
        {
            await SessionSettings.VerifyAsync(opened, cancellationToken);
            return opened;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    private PooledConnection? TakeIdle()
    {
        lock (_idle)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_idle.Count == 0)
                return null;
            var last = _idle[^1];
            _idle.RemoveAt(_idle.Count - 1);
            return last;
        }
    }

    private bool PutBack(PooledConnection connection)
    {
        connection.IdleSince = _time.GetTimestamp();
        lock (_idle)
        {
            if (_disposed)
                return false;
            _idle.Add(connection);
            return true;
        }
    }

    private async Task CloseOldAsync()
    {
        List<PooledConnection> old;
        lock (_idle)
        {
            var count = _idle.FindIndex(connection => _time.GetElapsedTime(connection.IdleSince) < IdleLifetime);
            old = _idle[..(count < 0 ? _idle.Count : count)];
            _idle.RemoveRange(0, old.Count);
        }

        foreach (var connection in old)
            await CloseAsync(connection);
    }

    private static async ValueTask CloseAsync(PooledConnection connection)
    {
        try
        {
            await connection.Npgsql.DisposeAsync();
        }
        catch (Exception lost) when (lost is NpgsqlException or IOException or InvalidOperationException or System.Net.Sockets.SocketException)
        {
            // It is gone, which is all that was asked for.
        }
    }

    [LoggerMessage(1101, LogLevel.Warning,
        "Security event: a session of {Login} for {User} did something other than read or change rows; its connection is closed, not handed to the next session")]
    private static partial void Discarded(ILogger log, string login, string user);

    private sealed class Fault(ConnectionPool pool, bool canariesAlone) : IDisposable
    {
        internal bool CanariesAlone => canariesAlone;

        public void Dispose()
        {
            pool._fault = null;
            pool.Suspect();
        }
    }
}

/// <summary>A connection of the pool, open for as long as it lives.</summary>
internal sealed class PooledConnection(NpgsqlConnection npgsql, int generation)
{
    internal NpgsqlConnection Npgsql => npgsql;

    internal int Generation => generation;

    /// <summary>When it was handed back last, as the clock's timestamp.</summary>
    internal long IdleSince { get; set; }

    /// <summary>Something was carried out on it that may outlive its session, or wasn't seen. It is not taken back.</summary>
    internal bool Tainted { get; set; }
}
