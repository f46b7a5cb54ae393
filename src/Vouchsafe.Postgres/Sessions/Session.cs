using System.Runtime.CompilerServices;
using Npgsql;
using Vouchsafe.Postgres.Errors;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Postgres.Sessions;

/// <summary>A way to run statements. Not thread-safe; at most one transaction at a time. Outside a transaction each statement is its own.</summary>
/// <remarks>
/// Rents a connection with the first statement and returns it when disposed; an open transaction is then rolled back.
/// Statements read or change rows (SELECT, INSERT, UPDATE, DELETE, MERGE, CALL). Where one did anything else, it fails with
/// <see cref="UnexpectedStatementException"/> and the connection is closed: the next session would find what it left. Nothing hands out the
/// connection itself, and nothing may: what went past <see cref="Answers"/> must never be used again.
/// Errors are <see cref="DatabaseRefusedException"/>, <see cref="DatabaseUnreachableException"/> and <see cref="SessionMisuseException"/>; none carries a statement or a value.
/// </remarks>
public abstract class Session : IAsyncDisposable
{
    private readonly Connector _connector;
    private PooledConnection? _connection;
    private NpgsqlTransaction? _transaction;
    private List<Action>? _onCommitted;
    private bool _begun, _entered, _failed, _disposed;

    private protected Session(Connector connector) => _connector = connector;

    public DateTimeOffset Now => _connector.Time.GetUtcNow();

    public bool InTransaction => _begun;

    /// <param name="sql">One statement with $1, $2 …</param>
    /// <param name="args">CLR values, null, or NpgsqlParameter where the type must be named.</param>
    /// <returns>The rows affected.</returns>
    public Task<int> ExecuteAsync(string sql, object?[] args, CancellationToken cancellationToken) =>
        ExecuteBatchAsync([new Statement(sql, args)], cancellationToken);

    /// <summary>Runs the statements in order in one round trip. Outside a transaction they are one: all of them happen, or none.</summary>
    /// <returns>The rows affected by all of them together.</returns>
    public async Task<int> ExecuteBatchAsync(IReadOnlyList<Statement> statements, CancellationToken cancellationToken)
    {
        if (statements.Count == 0)
            return 0;
        NpgsqlBatch? batch = null;
        try
        {
            batch = await PrepareAsync(cancellationToken);
            foreach (var statement in statements)
                batch.BatchCommands.Add(Arguments.Command(statement.Sql, statement.Args));
            var affected = await batch.ExecuteNonQueryAsync(cancellationToken);
            _entered = _begun;
            Judge(batch);
            return Math.Max(affected, 0);
        }
        catch (Exception thrown)
        {
            throw Failed(batch, thrown, cancellationToken);
        }
        finally
        {
            await DisposeAsync(batch);
        }
    }

    /// <returns>The only row; default where there is none.</returns>
    /// <exception cref="SessionMisuseException">There is more than one.</exception>
    public Task<T?> SingleOrDefaultAsync<T>(string sql, object?[] args, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken) =>
        ReadAsync(sql, args, async reader =>
        {
            if (!await reader.ReadAsync(cancellationToken))
                return default;
            var value = read(reader);
            return !await reader.ReadAsync(cancellationToken) ? value : throw new SessionMisuseException("A statement that was to return one row at most returned more.");
        }, cancellationToken);

    public Task<List<T>> ListAsync<T>(string sql, object?[] args, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken) =>
        ReadAsync(sql, args, async reader =>
        {
            var rows = new List<T>();
            while (await reader.ReadAsync(cancellationToken))
                rows.Add(read(reader));
            return rows;
        }, cancellationToken);

    /// <summary>Rows as they arrive, in bounded memory. The session takes no other statement until the enumeration ends.</summary>
    public async IAsyncEnumerable<T> StreamAsync<T>(string sql, object?[] args, Func<NpgsqlDataReader, T> read, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        NpgsqlBatch? batch = null;
        NpgsqlDataReader? reader = null;
        var over = false;
        try
        {
            while (true)
            {
                T row;
                try
                {
                    batch ??= await PrepareAsync(cancellationToken);
                    reader ??= await OpenAsync(batch, sql, args, cancellationToken);
                    if (!await reader.ReadAsync(cancellationToken))
                    {
                        await reader.DisposeAsync();
                        Judge(batch);
                        over = true;
                        break;
                    }

                    row = read(reader);
                }
                catch (Exception thrown)
                {
                    over = true;
                    await DisposeAsync(reader);
                    throw Failed(batch, thrown, cancellationToken);
                }

                yield return row;
            }
        }
        finally
        {
            // Left midway: what is under way is read to its end, so that it was seen.
            if (!over)
            {
                await DisposeAsync(reader);
                Taint(batch, null);
            }

            await DisposeAsync(batch);
        }
    }

    /// <summary>Begins a transaction. It travels with the first statement.</summary>
    /// <exception cref="SessionMisuseException">One is open.</exception>
    public Task BeginAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        if (_begun)
            throw new SessionMisuseException("A transaction is open already: a session holds one at most.");
        (_begun, _entered, _failed) = (true, false, false);
        return Task.CompletedTask;
    }

    /// <exception cref="SessionMisuseException">None is open, or one of its statements failed: it was rolled back.</exception>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        if (!_begun)
            throw new SessionMisuseException("No transaction is open.");
        if (_failed)
        {
            await RollbackAsync(cancellationToken);
            // The server answers COMMIT of a failed transaction with a quiet ROLLBACK.
            throw new SessionMisuseException("The transaction can't commit: one of its statements failed. It was rolled back.");
        }

        try
        {
            if (_transaction is not null)
                await _transaction.CommitAsync(cancellationToken);
        }
        catch (Exception thrown)
        {
            _failed = true;
            var translated = Translated(thrown, cancellationToken);
            await EndAsync();
            throw translated;
        }

        var actions = _onCommitted;
        await EndAsync();
        foreach (var action in actions ?? [])
            action();
    }

    public async Task RollbackAsync(CancellationToken cancellationToken)
    {
        if (!_begun)
            return;
        try
        {
            if (_transaction is not null && _connection?.Npgsql.FullState.HasFlag(System.Data.ConnectionState.Open) == true)
                await _transaction.RollbackAsync(cancellationToken);
        }
        catch (Exception thrown)
        {
            throw Translated(thrown, cancellationToken);
        }
        finally
        {
            await EndAsync();
        }
    }

    /// <summary>Runs <paramref name="then"/> once when the open transaction has committed, never when it rolled back; at once where none is open.</summary>
    public void OnCommitted(Action then)
    {
        if (_begun)
            (_onCommitted ??= []).Add(then);
        else
            then();
    }

    /// <summary>What rides on a session beside its statements (the trail's writer), from the container that built the database.</summary>
    /// <exception cref="InvalidOperationException">It was not registered.</exception>
    public T Service<T>() where T : notnull =>
        (T?)_connector.Services?.GetService(typeof(T)) ?? throw new InvalidOperationException($"{typeof(T).Name} is not registered beside the database.");

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        try
        {
            // Disposing an unfinished transaction rolls it back.
            await EndAsync();
        }
        finally
        {
            if (_connection is not null)
                await _connector.Pool.ReturnAsync(_connection, User, IsCanary);
            _connection = null;
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Whose session it is, for the log: ids alone.</summary>
    private protected abstract string User { get; }

    /// <summary>A check's, on a tenant that exists for checks alone.</summary>
    private protected virtual bool IsCanary => false;

    /// <summary>Whether a context must be entered before the next statement.</summary>
    /// <param name="entered">One was, in the transaction that is open.</param>
    private protected abstract bool MustEnter(bool entered);

    /// <summary>The statement that enters it.</summary>
    private protected abstract ValueTask<NpgsqlBatchCommand?> EnterAsync(NpgsqlConnection connection, CancellationToken cancellationToken);

    /// <summary>An empty batch on an open connection; where the transaction is new or its context old, with the statement that enters one.</summary>
    private async ValueTask<NpgsqlBatch> PrepareAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_failed)
            throw new SessionMisuseException("A statement of this transaction failed: roll it back before the next.");
        _connection ??= await _connector.Pool.RentAsync(cancellationToken);
        var connection = _connection.Npgsql;
        // The driver sends BEGIN with the next message.
        if (_begun && _transaction is null)
            _transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Always a batch, also of one: a batch's command is one statement, whatever its text says.
        var batch = connection.CreateBatch();
        if (MustEnter(_entered) && await EnterAsync(connection, cancellationToken) is { } enter)
            batch.BatchCommands.Add(enter);
        return batch;
    }

    private async Task<T> ReadAsync<T>(string sql, object?[] args, Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancellationToken)
    {
        NpgsqlBatch? batch = null;
        NpgsqlDataReader? reader = null;
        try
        {
            batch = await PrepareAsync(cancellationToken);
            reader = await OpenAsync(batch, sql, args, cancellationToken);
            var result = await read(reader);
            // To the end, so that each answer was seen.
            await reader.DisposeAsync();
            Judge(batch);
            return result;
        }
        catch (Exception thrown)
        {
            await DisposeAsync(reader);
            throw Failed(batch, thrown, cancellationToken);
        }
        finally
        {
            await DisposeAsync(batch);
        }
    }

    private async Task<NpgsqlDataReader> OpenAsync(NpgsqlBatch batch, string sql, object?[] args, CancellationToken cancellationToken)
    {
        var entering = batch.BatchCommands.Count > 0;
        batch.BatchCommands.Add(Arguments.Command(sql, args));
        var reader = await batch.ExecuteReaderAsync(cancellationToken);
        _entered = _begun;
        if (entering)
            await reader.NextResultAsync(cancellationToken);
        return reader;
    }

    /// <exception cref="UnexpectedStatementException">A statement did something other than read or change rows.</exception>
    private void Judge(NpgsqlBatch batch)
    {
        if (!Taint(batch, null))
            return;
        throw new UnexpectedStatementException();
    }

    /// <summary>Marks the connection where the batch may have left something on it.</summary>
    private bool Taint(NpgsqlBatch? batch, Exception? thrown)
    {
        if (_connection is null || batch is null || Answers.AreOfRows(batch, thrown))
            return false;
        return _connection.Tainted = true;
    }

    private Exception Failed(NpgsqlBatch? batch, Exception thrown, CancellationToken cancellationToken)
    {
        // Also where the caller's own reading threw: what the transaction did so far is not what was asked for.
        _failed = _begun;
        if (thrown is not UnexpectedStatementException)
            Taint(batch, thrown);
        return Translated(thrown, cancellationToken);
    }

    private Exception Translated(Exception thrown, CancellationToken cancellationToken)
    {
        // The driver says "disposed" where the connection breaks while a statement is on its way, whatever state it claims to be in, and "not open" from then on.
        var broken = (thrown is ObjectDisposedException && !_disposed)
            || (thrown is InvalidOperationException && _connection is { } rented && !rented.Npgsql.FullState.HasFlag(System.Data.ConnectionState.Open));
        var translated = broken ? new DatabaseUnreachableException(_connection is not null, mayRetry: true) : Translation.Of(thrown, _connection is not null, cancellationToken);
        // Whoever ended one backend (57P01 and its kin) may have ended all: those that lie idle would fail their next users one by one.
        if (_connection is not null && translated is DatabaseUnreachableException or DatabaseRefusedException { SqlState: ['5', '7', 'P', ..] })
            _connector.Pool.Suspect();
        _connector.WriteFailures.Note(translated);
        return translated;
    }

    /// <summary>Without an exception of its own: the one under way, or what the answers say, tells more.</summary>
    private static async ValueTask DisposeAsync(IAsyncDisposable? what)
    {
        if (what is null)
            return;
        try
        {
            await what.DisposeAsync();
        }
        catch (Exception lost) when (lost is NpgsqlException or IOException or OperationCanceledException or InvalidOperationException)
        {
            // What wasn't read is unknown, and taints.
        }
    }

    private async ValueTask EndAsync()
    {
        var transaction = _transaction;
        (_begun, _entered, _failed, _transaction, _onCommitted) = (false, false, false, null, null);
        await DisposeAsync(transaction);
    }
}

/// <summary>One statement with $1, $2 … and its arguments.</summary>
public readonly record struct Statement(string Sql, params object?[] Args);
