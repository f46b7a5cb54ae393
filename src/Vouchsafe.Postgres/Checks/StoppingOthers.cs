using System.Text.Json.Nodes;

namespace Vouchsafe.Postgres.Checks;

/// <summary>What somebody with the application's login would do to stop every other tenant: take a lock that all need, or end their sessions; and how it would see them at work.</summary>
internal static class StoppingOthers
{
    /// <summary>Each must be refused for want of a right (42501). A lock that a session takes outlives the rollback, but not this login's connection.</summary>
    internal static readonly (string What, string Sql)[] Attempts =
    [
        ("take an advisory lock", "select pg_advisory_lock(7)"),
        ("take an advisory lock", "select pg_advisory_lock(0, 7)"),
        ("take a shared advisory lock", "select pg_advisory_lock_shared(7)"),
        ("take a shared advisory lock", "select pg_advisory_lock_shared(0, 7)"),
        ("try an advisory lock", "select pg_try_advisory_lock(7)"),
        ("try an advisory lock", "select pg_try_advisory_lock(0, 7)"),
        ("try a shared advisory lock", "select pg_try_advisory_lock_shared(7)"),
        ("try a shared advisory lock", "select pg_try_advisory_lock_shared(0, 7)"),
        ("take an advisory lock for a transaction", "select pg_advisory_xact_lock(7)"),
        ("take an advisory lock for a transaction", "select pg_advisory_xact_lock(0, 7)"),
        ("take a shared advisory lock for a transaction", "select pg_advisory_xact_lock_shared(7)"),
        ("take a shared advisory lock for a transaction", "select pg_advisory_xact_lock_shared(0, 7)"),
        ("try an advisory lock for a transaction", "select pg_try_advisory_xact_lock(7)"),
        ("try an advisory lock for a transaction", "select pg_try_advisory_xact_lock(0, 7)"),
        ("try a shared advisory lock for a transaction", "select pg_try_advisory_xact_lock_shared(7)"),
        ("try a shared advisory lock for a transaction", "select pg_try_advisory_xact_lock_shared(0, 7)"),
        // Of process 0, which is nobody's: the right to call it is the question.
        ("end other sessions", "select pg_terminate_backend(0)"),
        ("cancel other sessions' statements", "select pg_cancel_backend(0)"),
        ("list other sessions", "select pg_stat_get_backend_pid(1)"),
        ("list other sessions", "select pid from pg_stat_activity"),
        ("read the counters of tables", "select n_tup_ins from pg_stat_all_tables"),
        ("read the counters of tables", "select idx_blks_hit from pg_statio_all_indexes"),
    ];

    /// <returns>What it can do, as a sentence; null where it can do nothing.</returns>
    internal static async Task<string?> TryAsync(AppLogin login, JsonObject seen, CancellationToken cancellationToken)
    {
        foreach (var (what, sql) in Attempts)
            if (!(await login.TryAsync(null, sql, cancellationToken)).Denied)
                return $"The application's login can {what}, and so stop or watch other tenants.";
        // Its locks would outlive the session, and no timeout ends it.
        if ((await login.TryAsync(null, "select current_setting('max_prepared_transactions')::integer", cancellationToken)).First is not 0)
            return "The server allows prepared transactions: the application's login can leave locks behind that no timeout ends.";

        var lockable = new JsonArray();
        foreach (var table in login.Tables)
        {
            // The weakest of the modes that need the same right as ACCESS EXCLUSIVE: it keeps no request waiting.
            if ((await login.TryAsync(null, $"lock table {table.Name} in share update exclusive mode nowait", cancellationToken)).Denied)
                continue;
            if (!table.Deletable)
                return $"The application's login can lock the table {table.Name} for everybody.";
            lockable.Add(table.Name);
        }

        seen["refusedLocks"] = Attempts.Length + login.Tables.Count - lockable.Count;
        if (lockable.Count > 0)
            seen["lockable"] = lockable;
        return null;
    }
}
