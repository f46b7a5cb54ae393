using Npgsql;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Postgres.Sessions;

/// <summary>A way to run statements. Not thread-safe; at most one transaction at a time. Outside a transaction each statement is its own.</summary>
public abstract class Session : IAsyncDisposable
{
    public abstract DateTimeOffset Now { get; }

    /// <param name="sql">One statement with $1, $2 …</param>
    /// <param name="args">CLR values, null, or NpgsqlParameter where the type must be named.</param>
    public abstract Task<int> ExecuteAsync(string sql, object?[] args, CancellationToken cancellationToken);

    public abstract Task<T?> SingleOrDefaultAsync<T>(string sql, object?[] args, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken);

    public abstract Task<List<T>> ListAsync<T>(string sql, object?[] args, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken);

    public abstract IAsyncEnumerable<T> StreamAsync<T>(string sql, object?[] args, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken);

    /// <summary>Runs the statements in order in one round trip. Outside a transaction they are one: all of them happen, or none.</summary>
    /// <returns>The rows affected by all of them together.</returns>
    public abstract Task<int> ExecuteBatchAsync(IReadOnlyList<Statement> statements, CancellationToken cancellationToken);

    public abstract bool InTransaction { get; }

    /// <summary>Runs <paramref name="then"/> once when the open transaction has committed, never when it rolled back; at once where none is open.</summary>
    public abstract void OnCommitted(Action then);

    /// <summary>What rides on a session beside its statements (the trail's writer), from the container that built the database.</summary>
    /// <exception cref="InvalidOperationException">It was not registered.</exception>
    public abstract T Service<T>() where T : notnull;

    public abstract Task BeginAsync(CancellationToken cancellationToken);

    public abstract Task CommitAsync(CancellationToken cancellationToken);

    public abstract Task RollbackAsync(CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}

/// <summary>One statement with $1, $2 … and its arguments.</summary>
public readonly record struct Statement(string Sql, params object?[] Args);

/// <summary>Sees one tenant.</summary>
public abstract class TenantSession : Session
{
    public abstract TenantScope Scope { get; }
}

/// <summary>Sees platform tables, and no tenant's rows.</summary>
public abstract class PlatformSession : Session
{
    public abstract Actor Actor { get; }
}
