using Npgsql;
using Vouchsafe.Postgres.Errors;
using Vouchsafe.Postgres.Roles;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Postgres.Tests.Sessions;

/// <summary>Somebody injects one statement into a tenant's request; the next tenant's session would get the same connection, since there is only one.</summary>
public sealed class HandOver(NotesDatabase notes) : IClassFixture<NotesDatabase>, IAsyncLifetime
{
    // What a session may see of itself here, and nowhere else, so that the next one can tell what it met.
    private const string Look =
        """
        select concat_ws(E'\n',
            (select string_agg(name || ' = ' || setting, E'\n' order by name) from pg_settings where name not like 'vouchsafe.%' and name not like 'transaction_%'),
            (select string_agg(statement, E'\n' order by name) from pg_prepared_statements where from_sql),
            (select string_agg(name, E'\n' order by name) from pg_cursors where name <> ''),
            (select string_agg(channel, E'\n' order by channel) from pg_listening_channels() channel),
            (select string_agg(l.mode, E'\n') from pg_locks l where l.pid = pg_backend_pid() and l.locktype = 'advisory'),
            session_user, current_user)
        """;

    private const string Business = "select body from notes.notes where tenant_id = $1";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Each is carried out for the one who injects it. The second is what the next session would meet.</summary>
    public static TheoryData<string> Traps() =>
    [
        "set row_security = off",
        "set statement_timeout = 1",
        "set default_transaction_read_only = on",
        "set session characteristics as transaction isolation level serializable",
        "set timezone = 'Pacific/Kiritimati'",
        "set datestyle = 'German'",
        "set synchronous_commit = off",
        "set search_path = public, pg_catalog",
        "set lock_timeout = 1",
        "set loot.contexts = 'x'",
        "set role none",
        "set session authorization default",
        "reset all",
        "discard plans",
        "discard sequences",
        "prepare trap as select 1",
        "deallocate all",
        "listen trap",
        "unlisten *",
        "notify trap",
        "declare trap cursor with hold for select 1",
        "close all",
        "begin",
        "commit",
        "show timezone",
        "explain select 1",
    ];

    /// <summary>Refused, and so not there.</summary>
    public static TheoryData<string> Refused() =>
    [
        "select set_config('row_security', 'off', false)",
        "select 1 where set_config('loot.contexts', 'x', false) is null",
        "update pg_settings set setting = 'off' where name = 'row_security'",
        "do $$ begin perform 1; end $$",
        "do language sql 'select 1'",
        "create function pg_temp.f() returns int language sql as 'select 1'",
        "create function notes.f() returns int language plpgsql as 'begin return 1; end'",
        "create temporary table notes (tenant_id uuid)",
        "create temporary view v as select 1",
        "create temporary sequence s",
        "select 1 as one into temporary notes",
        "select setseed(0.5)",
        "select lastval()",
        "select pg_advisory_lock(1)",
        "select pg_export_snapshot()",
        "select pg_logical_emit_message(false, 'a', 'b')",
        "select pg_notify('trap', '')",
        "select pg_sleep(0)",
        "select query_to_xml('select 1', true, true, '')",
        "select cursor_to_xml('c', 1, true, true, '')",
        "select table_to_xml('notes.notes', true, true, '')",
        "select schema_to_xml('notes', true, true, '')",
        "select database_to_xml(true, true, '')",
        "select * from ts_stat('select ''''::tsvector')",
        "select ts_rewrite('a'::tsquery, 'select ''a''::tsquery, ''b''::tsquery')",
        "select lo_create(0)",
        "select * from pg_stat_activity",
        "select pg_stat_get_xact_tuples_inserted('notes.notes'::regclass)",
        "select * from pg_locks",
        "set session authorization vouchsafe_owner",
        "set role vouchsafe_owner",
        "load 'auto_explain'",
        "copy notes.notes to program 'true'",
    ];

    public async ValueTask InitializeAsync() =>
        await TestDatabase.RunAsync(notes.Superuser,
            "grant execute on function pg_prepared_statement(), pg_cursor(), pg_listening_channels(), pg_lock_status() to vouchsafe_app");

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    [Theory, MemberData(nameof(Traps))]
    public async Task Nothing_of_one_session_reaches_the_next(string trap)
    {
        await using var database = OneConnection();
        var (backend, before) = await LookAsync(database);
        await using (var injected = database.Tenant(TestDatabase.ScopeOf(notes.NewTenant())))
            await Assert.ThrowsAsync<UnexpectedStatementException>(() => injected.ExecuteAsync(trap, [], Cancel));

        var (next, after) = await LookAsync(database);
        Assert.Equal(before, after);
        Assert.NotEqual(backend, next);
    }

    [Theory, MemberData(nameof(Refused))]
    public async Task What_the_answer_would_not_tell_is_refused(string trap)
    {
        await using var database = OneConnection();
        var (_, before) = await LookAsync(database);
        await using (var injected = database.Tenant(TestDatabase.ScopeOf(notes.NewTenant())))
        {
            // This class lets sessions see their own locks.
            if (trap == "select * from pg_locks")
                return;
            var refused = await Assert.ThrowsAsync<DatabaseRefusedException>(() => injected.ExecuteAsync(trap, [], Cancel));
            Assert.Contains(refused.SqlState, new[] { PostgresErrorCodes.InsufficientPrivilege, PostgresErrorCodes.InvalidParameterValue });
        }

        Assert.Equal(before, (await LookAsync(database)).Seen);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_statement_that_the_driver_prepared_is_not_another_for_the_next_tenant(bool handsOn)
    {
        await using var database = OneConnection();
        // As it would be without the remedy: the attack is real.
        using var fault = handsOn ? database.AppPool.Break(canariesAlone: false) : null;
        var (attacker, victim) = (notes.NewTenant(), notes.NewTenant());
        await using (var setUp = database.Tenant(TestDatabase.ScopeOf(victim)))
            await setUp.ExecuteAsync("insert into notes.notes values ($1, 1, 'genuine')", [victim], Cancel);

        await using (var session = database.Tenant(TestDatabase.ScopeOf(attacker)))
        {
            string? name = null;
            for (var use = 0; use < 4; use++)
            {
                await session.ListAsync(Business, [attacker], row => row.GetString(0), Cancel);
                name = await session.SingleOrDefaultAsync("select name from pg_prepared_statements where statement = $1", [Business], row => row.GetString(0), Cancel);
            }

            Assert.NotNull(name);
            await Assert.ThrowsAsync<UnexpectedStatementException>(() => session.ExecuteAsync($"deallocate {name}", [], Cancel));
            await Assert.ThrowsAsync<UnexpectedStatementException>(() =>
                session.ExecuteAsync($"prepare {name} (uuid) as select 'poisoned'::text as body where $1 is not null", [], Cancel));
        }

        await using var next = database.Tenant(TestDatabase.ScopeOf(victim));
        Assert.Equal([handsOn ? "poisoned" : "genuine"], await next.ListAsync(Business, [victim], row => row.GetString(0), Cancel));
    }

    [Fact]
    public async Task A_setting_is_met_where_connections_are_handed_on()
    {
        await using var database = OneConnection();
        using var fault = database.AppPool.Break(canariesAlone: false);
        var (_, before) = await LookAsync(database);
        await using (var injected = database.Tenant(TestDatabase.ScopeOf(notes.NewTenant())))
            await Assert.ThrowsAsync<UnexpectedStatementException>(() => injected.ExecuteAsync("set timezone = 'Pacific/Kiritimati'", [], Cancel));
        Assert.NotEqual(before, (await LookAsync(database)).Seen);
    }

    [Fact]
    public async Task What_was_prepared_before_a_statement_failed_is_gone_too()
    {
        await using var database = OneConnection();
        var (backend, before) = await LookAsync(database);
        await using (var injected = database.Tenant(TestDatabase.ScopeOf(notes.NewTenant())))
            await Assert.ThrowsAsync<DatabaseRefusedException>(() => injected.ExecuteBatchAsync([new("prepare trap as select 1"), new("select 1 / 0")], Cancel));
        Assert.Equal(before, (await LookAsync(database)).Seen);

        // A mistake alone costs no connection.
        (backend, _) = await LookAsync(database);
        await using (var mistaken = database.Tenant(TestDatabase.ScopeOf(notes.NewTenant())))
        {
            await Assert.ThrowsAsync<DatabaseRefusedException>(() => mistaken.ExecuteBatchAsync([new("select 1"), new("select 1 / 0"), new("select 2")], Cancel));
            await Assert.ThrowsAsync<DatabaseRefusedException>(() => mistaken.ListAsync("select 1 / g from generate_series(5, 0, -1) g", [], row => row.GetInt32(0), Cancel));
        }

        Assert.Equal(backend, (await LookAsync(database)).Backend);
    }

    [Fact]
    public async Task Nor_what_was_prepared_in_a_transaction_that_rolled_back()
    {
        await using var database = OneConnection();
        var (backend, before) = await LookAsync(database);
        await using (var injected = database.Tenant(TestDatabase.ScopeOf(notes.NewTenant())))
        {
            await injected.BeginAsync(Cancel);
            await injected.ListAsync("select 1", [], row => row.GetInt32(0), Cancel);
            await Assert.ThrowsAsync<UnexpectedStatementException>(() => injected.ExecuteAsync("prepare trap as select 1", [], Cancel));
            await Assert.ThrowsAsync<SessionMisuseException>(() => injected.CommitAsync(Cancel));
        }

        var (next, after) = await LookAsync(database);
        Assert.Equal(before, after);
        Assert.NotEqual(backend, next);
    }

    [Fact]
    public async Task Nor_what_came_before_a_cancellation()
    {
        await using var database = OneConnection();
        var (_, before) = await LookAsync(database);
        await using (var injected = database.Tenant(TestDatabase.ScopeOf(notes.NewTenant())))
        {
            using var hurry = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            var running = injected.ExecuteBatchAsync([new("prepare trap as select 1"), new("select count(*) from generate_series(1, 2000000000)")], hurry.Token);
            await UntilRunningAsync("%generate_series(1, 2000000000)%");
            await hurry.CancelAsync();
            await Assert.ThrowsAsync<OperationCanceledException>(() => running);
        }

        Assert.Equal(before, (await LookAsync(database)).Seen);
    }

    [Fact]
    public async Task Nor_what_a_reader_left_midway_did_not_see()
    {
        await using var database = OneConnection();
        var (backend, before) = await LookAsync(database);
        await using (var reading = database.Tenant(TestDatabase.ScopeOf(notes.NewTenant())))
            await foreach (var _ in reading.StreamAsync("select g from generate_series(1, 100000) g", [], row => row.GetInt32(0), Cancel))
                break;
        // It was read to its end: the connection is as good as before.
        Assert.Equal((backend, before), await LookAsync(database));

        await using (var injected = database.Tenant(TestDatabase.ScopeOf(notes.NewTenant())))
            await Assert.ThrowsAsync<UnexpectedStatementException>(async () =>
            {
                await foreach (var _ in injected.StreamAsync("prepare trap as select 1", [], row => row.GetInt32(0), Cancel))
                    break;
            });
        Assert.Equal(before, (await LookAsync(database)).Seen);

        await using (var broken = database.Tenant(TestDatabase.ScopeOf(notes.NewTenant())))
            await Assert.ThrowsAnyAsync<Exception>(() => broken.ExecuteAsync("copy (select 1) to stdout", [], Cancel));
        Assert.Equal(before, (await LookAsync(database)).Seen);
    }

    [Fact]
    public async Task A_platform_session_leaves_nothing_either()
    {
        await using var database = OneConnection();
        var actor = Actor.System("test");
        async Task<(int, string)> Look() => await LookAsync(database.Platform(actor), "select pg_backend_pid(), current_setting('TimeZone')");
        var (backend, zone) = await Look();
        await using (var injected = database.Platform(actor))
            await Assert.ThrowsAsync<UnexpectedStatementException>(() => injected.ExecuteAsync("set timezone = 'Pacific/Kiritimati'", [], Cancel));
        var (next, after) = await Look();
        Assert.Equal(zone, after);
        Assert.NotEqual(backend, next);
    }

    [Fact]
    public async Task Ordinary_sessions_share_the_connection()
    {
        await using var database = OneConnection();
        var (backend, before) = await LookAsync(database);
        for (var round = 0; round < 3; round++)
        {
            var tenant = notes.NewTenant();
            await using var session = database.Tenant(TestDatabase.ScopeOf(tenant));
            await session.BeginAsync(Cancel);
            await session.ExecuteAsync("insert into notes.notes values ($1, 1, 'a')", [tenant], Cancel);
            await session.ExecuteAsync("merge into notes.notes n using (select $1 as t) s on n.tenant_id = s.t when matched then update set body = 'b'", [tenant], Cancel);
            await session.CommitAsync(Cancel);
        }

        Assert.Equal((backend, before), await LookAsync(database));
    }

    [Fact]
    public async Task No_function_of_the_system_does_more_than_answer()
    {
        const string Volatile =
            """
            select string_agg(distinct p.proname, ' ' order by p.proname) from pg_proc p
            where p.pronamespace = 'pg_catalog'::regnamespace and p.provolatile = 'v' and has_function_privilege($1, p.oid, 'EXECUTE')
              and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype, 'internal'::regtype, 'language_handler'::regtype) and 'internal'::regtype <> all (p.proargtypes)
            """;
        string[] harmless = ["clock_timestamp", "gen_random_uuid", "nextval", "pg_is_in_recovery", "random", "random_normal", "setval", "timeofday", "uuidv4", "uuidv7"];
        // The first two: this class's own grant.
        Assert.Empty(((string)(await TestDatabase.ScalarAsync(notes.Superuser, Volatile, DatabaseRoles.App))!).Split(' ').Except([.. harmless, "pg_lock_status"]));
        Assert.Empty(((string)(await TestDatabase.ScalarAsync(notes.Superuser, Volatile, DatabaseRoles.Platform))!).Split(' ').Except([.. harmless, "pg_notify"]));
    }

    private Database OneConnection() => new(notes.Options with { MaximumConnections = 1 }, notes.Keys, notes.Time);

    private async Task<(int Backend, string Seen)> LookAsync(Database database) =>
        await LookAsync(database.Tenant(TestDatabase.ScopeOf(notes.NewTenant())), $"select pg_backend_pid(), ({Look})");

    private static async Task<(int, string)> LookAsync(Session session, string sql)
    {
        await using (session)
            return await session.SingleOrDefaultAsync(sql, [], row => (row.GetInt32(0), row.GetString(1)), Cancel);
    }

    private async Task UntilRunningAsync(string pattern)
    {
        while (await TestDatabase.ScalarAsync(notes.Superuser, "select 1 from pg_stat_activity where state = 'active' and query like $1 and pid <> pg_backend_pid()", pattern) is null)
            Cancel.ThrowIfCancellationRequested();
    }
}
