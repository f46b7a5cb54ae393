namespace Vouchsafe.Postgres.Roles;

/// <summary>
/// What a session of a run-time login may take: set on the role by a superuser, and again in each connection's start-up options, which take
/// precedence over what a login may have set for itself (<c>ALTER ROLE … SET</c>).
/// </summary>
/// <remarks>
/// They bound mistakes and what is injected into a pooled session. Somebody with the password may raise all but <c>temp_file_limit</c> and the number of
/// connections, so nothing rests on them alone: what stops others is not granted (harden.sql, and UPDATE by column in <c>vouchsafe.declare_table</c>).
/// </remarks>
internal static class SessionLimits
{
    /// <summary>The share of the server's connections that the application's login may take: the rest is the platform's and the superuser's.</summary>
    internal const string ConnectionLimit =
        "select greatest(1, (current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer) * 3 / 5)";

    private static readonly (string Name, string Value)[] AppSettings =
    [
        // A lock that somebody else holds costs a request this long, and is then answered 503.
        ("lock_timeout", "5s"),
        ("idle_in_transaction_session_timeout", "60s"),
        // An export streams within one statement, as fast as its reader reads.
        ("statement_timeout", "15min"),
        // Longer than the pool keeps an idle connection (5 minutes).
        ("idle_session_timeout", "15min"),
        // Without statistics (decision 0027) costs are overestimated, and the server would compile statements that take a millisecond.
        ("jit", "off"),
    ];

    private static readonly (string Name, string Value)[] PlatformSettings =
    [
        ("lock_timeout", "5s"),
        ("idle_in_transaction_session_timeout", "60s"),
        ("statement_timeout", "15min"),
    ];

    /// <summary>Settings of the role; those that the login can't change itself included.</summary>
    internal static IEnumerable<(string Name, string Value)> OfRole(string role) => role switch
    {
        DatabaseRoles.App => AppSettings.Append(("temp_file_limit", "2GB")),
        DatabaseRoles.Platform => PlatformSettings,
        _ => [],
    };

    /// <summary>The same as start-up options, without what only a superuser may set.</summary>
    internal static IEnumerable<(string Name, string Value)> OfConnection(string role) => role switch
    {
        DatabaseRoles.App => AppSettings,
        DatabaseRoles.Platform => PlatformSettings,
        _ => [],
    };
}
