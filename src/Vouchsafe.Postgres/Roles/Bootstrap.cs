using Npgsql;

namespace Vouchsafe.Postgres.Roles;

/// <summary>What only a superuser can do, once for a cluster and a database.</summary>
public static class Bootstrap
{
    /// <summary>Makes the three logins, or sets their passwords and takes from them what they must not have.</summary>
    public static async Task EnsureRolesAsync(string superuser, DatabaseOptions options, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(superuser, cancellationToken);
        foreach (var (role, password) in new[]
        {
            (DatabaseRoles.Owner, options.OwnerPassword),
            (DatabaseRoles.App, options.AppPassword),
            (DatabaseRoles.Platform, options.PlatformPassword),
        })
        {
            if (!await ExistsAsync(connection, "select exists (select from pg_roles where rolname = $1)", role, cancellationToken))
                await CreateAsync(connection, role, cancellationToken);
            var secret = password is null ? "" : $" password {await LiteralAsync(connection, password, cancellationToken)}";
            await RunAsync(connection, $"alter role {role} login nosuperuser nobypassrls nocreatedb nocreaterole noreplication noinherit{secret}", cancellationToken);
            foreach (var (name, value) in SessionLimits.OfRole(role))
                await RunAsync(connection, $"alter role {role} set {name} = '{value}'", cancellationToken);
        }

        // In a database that nobody hardened a login may call what ends its siblings, wherever those are connected.
        foreach (var database in new[] { "postgres", "template1" })
            if (await ExistsAsync(connection, "select has_database_privilege('public', oid, 'CONNECT') from pg_database where datname = $1", database, cancellationToken))
                await RunAsync(connection, $"revoke connect on database {database} from public", cancellationToken);

        await using var share = new NpgsqlCommand(SessionLimits.ConnectionLimit, connection);
        await RunAsync(connection, $"alter role {DatabaseRoles.App} connection limit {(int)(await share.ExecuteScalarAsync(cancellationToken))!}", cancellationToken);
    }

    /// <summary>Roles belong to the cluster: somebody who bootstraps another of its databases may make them at the same time.</summary>
    private static async Task CreateAsync(NpgsqlConnection connection, string role, CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(connection, $"create role {role}", cancellationToken);
        }
        catch (PostgresException there) when (there.SqlState is PostgresErrorCodes.DuplicateObject or PostgresErrorCodes.UniqueViolation)
        {
            // It is there, which is all that was asked for.
        }
    }

    public static async Task EnsureDatabaseAsync(string superuser, string name, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(superuser, cancellationToken);
        if (!await ExistsAsync(connection, "select exists (select from pg_database where datname = $1)", name, cancellationToken))
            await RunAsync(connection, $"create database {Identifier(name)} owner {DatabaseRoles.Owner}", cancellationToken);
    }

    /// <summary>Closes in one database what PostgreSQL leaves open to everybody.</summary>
    /// <param name="superuser">A superuser's connection string to that database.</param>
    public static async Task HardenAsync(string superuser, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(superuser, cancellationToken);
        using var reader = new StreamReader(typeof(Bootstrap).Assembly.GetManifestResourceStream("harden.sql")!);
        var script = (await reader.ReadToEndAsync(cancellationToken))
            .Replace("':closed_functions'", $"'{ClosedFunctions.Pattern(ClosedFunctions.ByUs)}'", StringComparison.Ordinal)
            .Replace("or :closed_kinds", $"or {ClosedFunctions.ByKind}", StringComparison.Ordinal);
        await RunAsync(connection, script, cancellationToken);
    }

    internal static string Identifier(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<bool> ExistsAsync(NpgsqlConnection connection, string sql, string name, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = name } } };
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static async Task<string> LiteralAsync(NpgsqlConnection connection, string value, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select quote_literal($1)", connection) { Parameters = { new() { Value = value } } };
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
