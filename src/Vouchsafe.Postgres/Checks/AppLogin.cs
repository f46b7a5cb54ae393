using Npgsql;
using Vouchsafe.Postgres.Linting.Manifests;
using Vouchsafe.Postgres.Roles;
using Vouchsafe.Postgres.Sealing;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Postgres.Checks;

/// <summary>What an attacker has who runs any SQL with the application's own login. Each attempt is a transaction that is rolled back.</summary>
internal sealed class AppLogin : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly IContextKeys _keys;
    private short _keyId;

    private AppLogin(NpgsqlConnection connection, IContextKeys keys, IReadOnlyList<TenantTable> tables) => (_connection, _keys, Tables) = (connection, keys, tables);

    /// <summary>The tables of tenants that the login is to read: as they were declared, whatever the database says of them now.</summary>
    internal IReadOnlyList<TenantTable> Tables { get; }

    /// <param name="manifest">Which tables there are.</param>
    internal static async Task<AppLogin> OpenAsync(DatabaseOptions options, IContextKeys keys, SchemaManifest manifest, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(options.App) { Pooling = false, MaxAutoPrepare = 0 }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        var login = new AppLogin(connection, keys, TenantTable.Of(manifest));
        await using var ask = new NpgsqlCommand("select vouchsafe.current_seal_key()", connection);
        login._keyId = (short)(await ask.ExecuteScalarAsync(cancellationToken))!;
        return login;
    }

    /// <summary>A context as a node seals it for this connection.</summary>
    internal string Context(TenantId tenant, Guid actor, OwnerReach reach, TimeSpan goodFor, bool readOnly = false) =>
        Context(tenant, actor, reach, goodFor, readOnly, _connection.ProcessID);

    /// <summary>A context as a node seals it for some other connection.</summary>
    internal string ContextElsewhere(TenantId tenant, TimeSpan goodFor) =>
        Context(tenant, Guid.Empty, OwnerReach.All, goodFor, readOnly: false, _connection.ProcessID + 1);

    private string Context(TenantId tenant, Guid actor, OwnerReach reach, TimeSpan goodFor, bool readOnly, int backend) =>
        ContextSealer.Seal(_keys.Derive(_keyId), tenant.Value, actor, reach, readOnly, backend, TimeProvider.System.GetUtcNow() + goodFor);

    /// <summary>Whether the table shows any row on which the condition holds.</summary>
    internal async Task<bool> SeesAsync(string? context, string table, string condition, CancellationToken cancellationToken, params object[] args) =>
        await TryAsync(context, $"select 1 from {table} where {condition} limit 1", cancellationToken, args) is { Failed: false, Rows: > 0 };

    internal async Task<Outcome> TryAsync(string? context, string sql, CancellationToken cancellationToken, params object[] args)
    {
        await using var transaction = await _connection.BeginTransactionAsync(cancellationToken);
        if (context is not null)
        {
            await using var set = new NpgsqlCommand("select vouchsafe.enter($1)", _connection) { Parameters = { new() { Value = context } } };
            await set.ExecuteNonQueryAsync(cancellationToken);
        }

        try
        {
            await using var command = new NpgsqlCommand(sql, _connection);
            foreach (var arg in args)
                command.Parameters.Add(new() { Value = arg });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var (rows, first) = (0L, (object?)null);
            while (await reader.ReadAsync(cancellationToken))
                if (rows++ == 0 && reader.FieldCount > 0)
                    first = reader.IsDBNull(0) ? null : reader.GetValue(0);
            await reader.CloseAsync();
            return new Outcome(null, Math.Max(rows, reader.RecordsAffected), first);
        }
        catch (PostgresException refused)
        {
            return new Outcome(refused.SqlState, 0, null);
        }
    }

    /// <summary>Whether a context counts that was good when the transaction began and has run out since.</summary>
    internal async Task<bool> AcceptsInsideTransactionAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        await using var transaction = await _connection.BeginTransactionAsync(cancellationToken);
        await using var ask = new NpgsqlCommand("select clock_timestamp()", _connection);
        var after = new DateTimeOffset((DateTime)(await ask.ExecuteScalarAsync(cancellationToken))!);
        var context = ContextSealer.Seal(_keys.Derive(_keyId), tenant.Value, Guid.Empty, OwnerReach.All, readOnly: false, _connection.ProcessID, after);
        await using var enter = new NpgsqlCommand("select vouchsafe.enter($1)", _connection) { Parameters = { new() { Value = context } } };
        await enter.ExecuteNonQueryAsync(cancellationToken);
        await using var look = new NpgsqlCommand("select vouchsafe.current_tenant()", _connection);
        return await look.ExecuteScalarAsync(cancellationToken) is Guid;
    }

    /// <summary>Rows of a statement that must succeed, without a tenant.</summary>
    internal async Task<List<T>> ListAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params object[] args)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        foreach (var arg in args)
            command.Parameters.Add(new() { Value = arg });
        var rows = new List<T>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(read(reader));
        return rows;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}

/// <param name="SqlState">Null where the statement was carried out.</param>
/// <param name="Rows">Returned or affected.</param>
/// <param name="First">The first column of the first row.</param>
internal readonly record struct Outcome(string? SqlState, long Rows, object? First)
{
    internal bool Failed => SqlState is not null;

    internal bool Denied => SqlState == PostgresErrorCodes.InsufficientPrivilege;
}
