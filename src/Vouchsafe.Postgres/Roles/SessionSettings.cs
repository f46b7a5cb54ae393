using Npgsql;
using Vouchsafe.Postgres.Errors;

namespace Vouchsafe.Postgres.Roles;

/// <summary>The settings that a session of a run-time login begins with, whatever the login set for itself.</summary>
/// <remarks>
/// Any login may <c>ALTER ROLE</c> itself: its settings for all new sessions, and its password. Start-up options take precedence over the settings of roles
/// and databases, and each new connection is looked at before its first statement. What remains is that somebody with the login can keep it from
/// being used (docs/threat-model-tenancy.md).
/// </remarks>
internal static class SessionSettings
{
    // What decides which rows are seen, what a statement means, or what a value looks like.
    private static readonly (string Name, string Value)[] Fixed =
    [
        ("row_security", "on"),
        ("default_transaction_isolation", "read committed"),
        ("default_transaction_read_only", "off"),
        ("default_transaction_deferrable", "off"),
        ("TimeZone", "UTC"),
        ("DateStyle", "ISO, MDY"),
        ("IntervalStyle", "postgres"),
        ("bytea_output", "hex"),
        ("extra_float_digits", "1"),
        ("standard_conforming_strings", "on"),
        ("backslash_quote", "safe_encoding"),
        ("escape_string_warning", "on"),
        ("transform_null_equals", "off"),
        ("array_nulls", "on"),
        ("xmloption", "content"),
        ("check_function_bodies", "on"),
        ("lc_monetary", "C"),
        ("lc_numeric", "C"),
        ("lc_time", "C"),
        ("default_tablespace", ""),
        ("temp_tablespaces", ""),
        ("plan_cache_mode", "auto"),
    ];

    // Of the database or of all roles, and so by its owner or a superuser: they change what a plan costs, not what it answers.
    private static readonly string[] Harmless =
        ["work_mem", "random_page_cost", "effective_cache_size", "effective_io_concurrency", "jit", "max_parallel_workers_per_gather"];

    // Both the settings in force and those written down: the first can't be reset between the connection's beginning and this look,
    // the second shows an attempt that start-up options overrode.
    private const string Look =
        """
        select pg_catalog.pg_backend_pid(),
            (select pg_catalog.string_agg(distinct found.name, ', ') from
             (
                 select s.name from pg_catalog.pg_settings s
                 where s.source in ('global', 'database', 'user', 'database user') and s.name <> all ($1) and s.name <> all ($2)
                 union all
                 select pg_catalog.split_part(written.setting, '=', 1)
                 from pg_catalog.pg_db_role_setting d
                 join pg_catalog.pg_roles r on r.rolname = session_user
                 cross join lateral pg_catalog.unnest(d.setconfig) written (setting)
                 where d.setrole in (0, r.oid) and (d.setdatabase = 0 or d.setdatabase = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database()))
                   and not (d.setrole = 0 and pg_catalog.split_part(written.setting, '=', 1) = any ($2))
                   and not (d.setrole = r.oid and d.setdatabase = 0 and written.setting = any ($3))
             ) found)
        """;

    /// <summary>The start-up options of a login's connection string.</summary>
    internal static string StartupOptions(string role) =>
        string.Join(' ', Fixed.Concat(SessionLimits.OfConnection(role)).Select(setting => $"-c {setting.Name}={setting.Value.Replace(" ", "\\ ", StringComparison.Ordinal)}"));

    /// <summary>To be called with each connection that was opened, before anything else.</summary>
    /// <exception cref="UnsafeConnectionException">It isn't as it should be.</exception>
    internal static async Task VerifyAsync(NpgsqlConnection opened, CancellationToken cancellationToken)
    {
        var limits = SessionLimits.OfRole(opened.UserName!).ToArray();
        await using var look = new NpgsqlCommand(Look, opened)
        {
            Parameters =
            {
                new() { Value = limits.Select(limit => limit.Name).ToArray() },
                new() { Value = Harmless },
                new() { Value = limits.Select(limit => $"{limit.Name}={limit.Value}").ToArray() },
            },
        };
        await using var reader = await look.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        if (reader.GetInt32(0) != opened.ProcessID)
            throw new UnsafeConnectionException(
                "The server's session is not the one that the driver was told of: a pooler stands in between. Tenant contexts are bound to the server's session; connect to the server itself.");
        if (!reader.IsDBNull(1))
            throw new UnsafeConnectionException(
                $"The login {opened.UserName} or its database carries settings of its own for new sessions: {reader.GetString(1)}. Reset them: ALTER ROLE or ALTER DATABASE … RESET.");
    }
}
