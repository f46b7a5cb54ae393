using System.Globalization;
using Npgsql;
using Vouchsafe.Postgres.Sealing;

namespace Vouchsafe.Postgres.Migrations;

/// <summary>Brings the schema to where the code needs it: as owner, under an advisory lock, each migration in a transaction of its own.</summary>
public sealed class Migrator(IEnumerable<MigrationSource> sources, IContextKeys keys, TimeProvider time)
{
    // Any constant does; it is the same for every version, so that an old and a new node don't migrate side by side.
    private const long LockKey = 0x566F_7563_6873_6166;

    private const string Ledger =
        """
        create schema if not exists vouchsafe;
        create table if not exists vouchsafe.schema_migrations
        (
            module     text        not null,
            number     integer     not null,
            name       text        not null,
            checksum   bytea       not null,
            applied_at timestamptz not null,
            primary key (module, number)
        );
        """;

    /// <param name="owner">The owner's connection string.</param>
    /// <returns>The migrations applied by this call, as <c>module/001_name</c>.</returns>
    /// <exception cref="MigrationException">The schema can't be brought there; what was applied before stays.</exception>
    public async Task<IReadOnlyList<string>> RunAsync(string owner, CancellationToken cancellationToken)
    {
        var wanted = sources.DistinctBy(source => source.Module).OrderBy(source => source.Order).ThenBy(source => source.Module, StringComparer.Ordinal)
            .SelectMany(source => source.Read()).ToList();
        await using var connection = new NpgsqlConnection(owner);
        await connection.OpenAsync(cancellationToken);
        await RunAsync(connection, "set statement_timeout = 0", cancellationToken);
        await RunAsync(connection, $"select pg_advisory_lock({LockKey.ToString(CultureInfo.InvariantCulture)})", cancellationToken);
        // The lock goes with the connection, which is not pooled.
        await RunAsync(connection, "set client_min_messages = warning;" + Ledger, cancellationToken);

        var applied = await AppliedAsync(connection, cancellationToken);
        Compare(wanted, applied);
        var done = new List<string>();
        foreach (var migration in wanted.Where(migration => !applied.ContainsKey((migration.Module, migration.Number))))
        {
            await ApplyAsync(connection, migration, cancellationToken);
            done.Add($"{migration.Module}/{migration.Number:000}_{migration.Name}");
        }

        await SealKeyTable.EnsureAsync(connection, keys, time, cancellationToken);
        return done;
    }

    private static void Compare(List<Migration> wanted, Dictionary<(string Module, int Number), byte[]> applied)
    {
        foreach (var migration in wanted)
        {
            if (applied.TryGetValue((migration.Module, migration.Number), out var checksum))
            {
                if (!checksum.AsSpan().SequenceEqual(migration.Checksum))
                    throw new MigrationException(MigrationProblem.Changed,
                        $"Migration {migration.Module}/{migration.Number:000}_{migration.Name} was changed after it was applied. Put it back, and write a new one.");
            }
            else if (applied.Keys.Any(key => key.Module == migration.Module && key.Number > migration.Number))
                throw new MigrationException(MigrationProblem.OutOfOrder,
                    $"Migration {migration.Module}/{migration.Number:000}_{migration.Name} comes after a later one was applied. Give it the next number.");
        }

        var modules = wanted.Select(migration => migration.Module).ToHashSet(StringComparer.Ordinal);
        var known = wanted.Select(migration => (migration.Module, migration.Number)).ToHashSet();
        foreach (var key in applied.Keys.Where(key => modules.Contains(key.Module) && !known.Contains(key)))
            throw new MigrationException(MigrationProblem.Newer,
                $"The database holds migration {key.Module}/{key.Number:000}, which this version doesn't know. Start the version that made it, or a later one.");
    }

    private async Task ApplyAsync(NpgsqlConnection connection, Migration migration, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            await RunAsync(connection, migration.Sql, cancellationToken);
            await using var note = new NpgsqlCommand("insert into vouchsafe.schema_migrations (module, number, name, checksum, applied_at) values ($1, $2, $3, $4, $5)", connection)
            {
                Parameters =
                {
                    new() { Value = migration.Module }, new() { Value = migration.Number }, new() { Value = migration.Name },
                    new() { Value = migration.Checksum }, new() { Value = time.GetUtcNow() },
                },
            };
            await note.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (PostgresException refusal)
        {
            var line = refusal.Position > 0 && refusal.Position <= migration.Sql.Length ? migration.Sql.AsSpan(0, refusal.Position).Count('\n') + 1 : 0;
            var where = line > 0 ? $", near line {line}" : "";
            throw new MigrationException(MigrationProblem.Failed,
                $"Migration {migration.Module}/{migration.Number:000}_{migration.Name} failed{where}: {refusal.MessageText} ({refusal.SqlState})");
        }
    }

    private static async Task<Dictionary<(string Module, int Number), byte[]>> AppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var applied = new Dictionary<(string, int), byte[]>();
        await using var command = new NpgsqlCommand("select module, number, checksum from vouchsafe.schema_migrations", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            applied.Add((reader.GetString(0), reader.GetInt32(1)), reader.GetFieldValue<byte[]>(2));
        return applied;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
