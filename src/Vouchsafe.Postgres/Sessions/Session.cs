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

    public abstract bool InTransaction { get; }

    public abstract Task BeginAsync(CancellationToken cancellationToken);

    public abstract Task CommitAsync(CancellationToken cancellationToken);

    public abstract Task RollbackAsync(CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}

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
