namespace Vouchsafe.Postgres.Roles;

/// <summary>
/// Functions of PostgreSQL that no run-time login may call, as patterns of their names. harden.sql takes them from everybody, and the linter holds
/// the database to the same list.
/// </summary>
internal static class ClosedFunctions
{
    /// <summary>What everybody may call until harden.sql was run.</summary>
    internal static readonly string[] ByUs =
    [
        // Large objects have an owner and no tenant: whoever shares the login reads them.
        "lo_create", "lo_creat", "lo_from_bytea", "lo_put", "lo_open", "lo_get", "lo_import", "lo_export", "lowrite", "loread", "lo_unlink", "lo_truncate", "lo_truncate64",
        // They show what other sessions of the same login are running, and what is written to each table at this moment, by whichever tenant.
        "pg_stat_get_[a-z0-9_]+",
        // Whoever may take an advisory lock, or end a session of its own login, stops everybody else.
        "pg_(try_)?advisory_[a-z_]+", "pg_terminate_backend", "pg_cancel_backend",
    ];

    /// <summary>
    /// The same by kind, as a condition on <c>pg_proc p</c>: what a SELECT could leave behind on its connection without its answer telling (decision 0022). Settings,
    /// snapshots, notifications, the random seed, a sequence's last value, text that is run as a statement; besides, what statistics and locks tell of other
    /// sessions, and what this one prepared. Closed by default: what a later version of the server adds is refused until somebody has looked at it.
    /// </summary>
    internal const string ByKind =
        """
        (p.provolatile = 'v'
            and p.proname not in ('clock_timestamp', 'timeofday', 'random', 'random_normal', 'gen_random_uuid', 'uuidv4', 'uuidv7', 'nextval', 'setval', 'pg_is_in_recovery')
            -- Those that only the server calls.
            and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype, 'internal'::regtype, 'language_handler'::regtype, 'index_am_handler'::regtype, 'table_am_handler'::regtype)
            and 'internal'::regtype <> all (p.proargtypes)
         or p.proname ~ '^pg_stat_get_|^(query|cursor|table|schema|database)_to_xml'
         or p.proname in ('pg_cursor', 'pg_prepared_statement', 'pg_listening_channels'))
        """;

    /// <summary>Closed by the server itself; whoever opens them opens its files or its control.</summary>
    internal static readonly string[] ByServer =
    [
        "pg_read_file", "pg_read_binary_file", "pg_ls_dir", "pg_stat_file", "pg_ls_logdir", "pg_ls_waldir", "pg_ls_tmpdir", "pg_ls_archive_statusdir",
        "pg_reload_conf", "pg_rotate_logfile", "pg_promote", "pg_switch_wal", "pg_create_restore_point", "pg_wal_replay_pause", "pg_wal_replay_resume",
        "pg_replication_origin_create", "pg_hba_file_rules", "pg_ident_file_mappings", "pg_show_all_file_settings", "pg_log_backend_memory_contexts",
    ];

    /// <summary>One regular expression for a list of names.</summary>
    internal static string Pattern(IEnumerable<string> names) => $"^({string.Join('|', names)})$";
}
