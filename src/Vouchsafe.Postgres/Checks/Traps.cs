using System.Text.Json.Nodes;
using Vouchsafe.Postgres.Errors;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Postgres.Checks;

/// <summary>
/// Leaves what an injected statement could leave on a connection of the application's own pool, and looks whether the next session gets that connection.
/// </summary>
internal static class Traps
{
    /// <summary>What the drill leaves too: the first must harm nobody who meets it.</summary>
    private static readonly (string What, string Sql)[] Left =
    [
        ("a setting", "set vouchsafe_trap.mark = 'met'"),
        ("a prepared statement", "prepare vouchsafe_trap as select 1"),
        ("no prepared statement", "deallocate all"),
        ("a subscription to notifications", "listen vouchsafe_trap"),
        ("a cursor", "declare vouchsafe_trap cursor with hold for select 1"),
        ("a role", "set session authorization default"),
    ];

    /// <summary>What a SELECT could leave by a function, or a program do unseen: refused for want of a right.</summary>
    internal static readonly (string What, string Sql)[] Refused =
    [
        ("change a setting by set_config", "select set_config('vouchsafe_trap.mark', 'met', false)"),
        ("change a setting through pg_settings", "update pg_settings set setting = 'off' where name = 'row_security'"),
        ("run a program (DO)", "do language plpgsql 'begin end'"),
        ("make a function", "create function pg_temp.trap() returns int language sql as 'select 1'"),
        ("set the random seed", "select setseed(0)"),
        ("read a sequence's last value", "select lastval()"),
        ("run text as a statement (query_to_xml)", "select query_to_xml('select 1', true, true, '')"),
        ("run text as a statement (ts_stat)", "select * from ts_stat('select ''''::tsvector')"),
        ("export a snapshot", "select pg_export_snapshot()"),
        ("write into the log of changes", "select pg_logical_emit_message(false, 'a', 'b')"),
        ("see prepared statements", "select * from pg_prepared_statements"),
        ("notify other sessions by pg_notify", "select pg_notify('vouchsafe_trap', '')"),
    ];

    /// <returns>What the next session meets, as a sentence; null where it meets nothing.</returns>
    internal static async Task<string?> LeaveAsync(IDatabase database, JsonObject seen, CancellationToken cancellationToken)
    {
        foreach (var (what, sql) in Left)
        {
            var poisoned = await LeaveAsync(database, sql, cancellationToken);
            if (poisoned is null)
                return $"A session doesn't notice that a statement left {what} on its connection.";
            await using var next = database.Tenant(ScopeOf(Canaries.Other));
            var (backend, left) = await next.SingleOrDefaultAsync("select pg_backend_pid(), current_setting('vouchsafe_trap.mark', true)", [],
                row => (row.GetInt32(0), row.IsDBNull(1) ? "" : row.GetString(1)), cancellationToken);
            if (backend == poisoned || left.Length > 0)
                return $"The next tenant's session gets a connection on which another left {what}.";
        }

        seen["traps"] = Left.Length;
        return null;
    }

    /// <returns>The backend on which the trap was left; null where the session took no offence.</returns>
    private static async Task<int?> LeaveAsync(IDatabase database, string sql, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(ScopeOf(Canaries.One));
        var backend = await session.SingleOrDefaultAsync("select pg_backend_pid()", [], row => row.GetInt32(0), cancellationToken);
        try
        {
            await session.ExecuteAsync(sql, [], cancellationToken);
            return null;
        }
        catch (UnexpectedStatementException)
        {
            return backend;
        }
    }

    private static TenantScope ScopeOf(TenantId tenant) => new(tenant, Actor.System("checks"), OwnerReach.All, null);
}
