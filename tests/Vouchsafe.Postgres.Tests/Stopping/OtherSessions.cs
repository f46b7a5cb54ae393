using Npgsql;
using Vouchsafe.Postgres.Checks;
using Vouchsafe.Postgres.Errors;
using Vouchsafe.Postgres.Roles;
using Vouchsafe.Postgres.Tests.Sessions;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Postgres.Tests.Stopping;

/// <summary>Somebody with the application's password, or who injects SQL into one tenant's request, tries to stop the others.</summary>
public sealed class OtherSessions(NotesDatabase notes) : IClassFixture<NotesDatabase>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_applications_login_takes_no_advisory_lock_and_ends_no_session()
    {
        foreach (var (_, sql) in StoppingOthers.Attempts)
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => TestDatabase.ScalarAsync(notes.App, sql));
            Assert.Equal((sql, PostgresErrorCodes.InsufficientPrivilege), (sql, refused.SqlState));
        }

        // None of them was forgotten: also not one that a later server has.
        Assert.Equal(0L, await TestDatabase.ScalarAsync(notes.App,
            "select count(*) from pg_proc where proname ~ '^pg_(try_)?advisory_|^pg_(terminate|cancel)_backend$|^pg_stat_get_' and has_function_privilege(oid, 'EXECUTE')"));
        Assert.Equal(0L, await TestDatabase.ScalarAsync(notes.Platform,
            "select count(*) from pg_proc where proname ~ '^pg_(try_)?advisory_|^pg_(terminate|cancel)_backend$' and has_function_privilege(oid, 'EXECUTE')"));
    }

    [Theory]
    [InlineData("postgres"), InlineData("template1")]
    public async Task Nor_by_way_of_a_database_that_nobody_hardened(string other)
    {
        var login = new NpgsqlConnectionStringBuilder(notes.App) { Database = other, Pooling = false }.ConnectionString;
        var refused = await Assert.ThrowsAsync<PostgresException>(() => TestDatabase.ScalarAsync(login, "select pg_terminate_backend(0)"));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Theory]
    [InlineData("share update exclusive"), InlineData("share"), InlineData("share row exclusive"), InlineData("exclusive"), InlineData("access exclusive")]
    public async Task No_table_can_be_locked_for_everybody(string mode)
    {
        foreach (var table in new[] { "notes.notes", "vouchsafe.canaries", "vouchsafe.canary_notes" })
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => TestDatabase.RunAsync(notes.App, $"begin; lock table {table} in {mode} mode"));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }
    }

    [Fact]
    public async Task A_lock_that_somebody_else_holds_is_waited_for_briefly()
    {
        var tenant = notes.NewTenant();
        await using var owner = new NpgsqlConnection(notes.Owner);
        await owner.OpenAsync(Cancel);
        await using var held = await owner.BeginTransactionAsync(Cancel);
        await using (var take = new NpgsqlCommand("lock table notes.notes in access exclusive mode", owner))
            await take.ExecuteNonQueryAsync(Cancel);

        await using var session = notes.Database.Tenant(TestDatabase.ScopeOf(tenant));
        var refused = await Assert.ThrowsAsync<DatabaseRefusedException>(() =>
            session.ListAsync("select note_id from notes.notes where tenant_id = $1", [tenant], row => row.GetInt64(0), Cancel).WaitAsync(TimeSpan.FromSeconds(20), Cancel));
        Assert.Equal((Refusal.TooSlow, PostgresErrorCodes.LockNotAvailable), (refused.Refusal, refused.SqlState));
        // Nothing else waits for it.
        await using var other = notes.Database.Tenant(TestDatabase.ScopeOf(tenant));
        Assert.Empty(await other.ListAsync("select canary_id from vouchsafe.canaries where tenant_id = $1", [tenant], row => row.GetGuid(0), Cancel));
        await held.RollbackAsync(Cancel);
    }

    [Theory]
    [InlineData(DatabaseRoles.App, "lock_timeout", "5s"), InlineData(DatabaseRoles.App, "idle_in_transaction_session_timeout", "1min")]
    [InlineData(DatabaseRoles.App, "statement_timeout", "15min"), InlineData(DatabaseRoles.App, "idle_session_timeout", "15min"), InlineData(DatabaseRoles.App, "jit", "off")]
    [InlineData(DatabaseRoles.App, "temp_file_limit", "2GB"), InlineData(DatabaseRoles.Platform, "lock_timeout", "5s")]
    public async Task Sessions_are_bounded_also_where_a_login_changed_its_own_settings(string role, string setting, string bound)
    {
        var ours = role == DatabaseRoles.App ? notes.App : notes.Platform;
        var bare = new NpgsqlConnectionStringBuilder(ours) { Options = null }.ConnectionString;
        Assert.Equal(bound, await TestDatabase.ScalarAsync(bare, $"select current_setting('{setting}')"));
        if (setting == "temp_file_limit")
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => TestDatabase.RunAsync(ours, "set temp_file_limit = -1"));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
            return;
        }

        try
        {
            await TestDatabase.RunAsync(ours, $"alter role {role} in database {notes.Options.Name} set {setting} = {(setting == "jit" ? "on" : "0")}");
            Assert.Equal(setting == "jit" ? "on" : "0", await TestDatabase.ScalarAsync(bare, $"select current_setting('{setting}')"));
            Assert.Equal(bound, await TestDatabase.ScalarAsync(ours, $"select current_setting('{setting}')"));
        }
        finally
        {
            await TestDatabase.RunAsync(ours, $"alter role {role} in database {notes.Options.Name} reset {setting}");
        }
    }

    [Fact]
    public async Task Rows_are_changed_by_column_and_never_moved_to_another_tenant()
    {
        var tenant = notes.NewTenant();
        await using var session = notes.Database.Tenant(TestDatabase.ScopeOf(tenant));
        await session.ExecuteAsync("insert into notes.notes values ($1, 1, 'a')", [tenant], Cancel);
        Assert.Equal(1, await session.ExecuteAsync("update notes.notes set body = 'b' where tenant_id = $1", [tenant], Cancel));
        Assert.Equal(1, await session.ExecuteAsync("insert into notes.notes values ($1, 1, 'c') on conflict (tenant_id, note_id) do update set body = excluded.body", [tenant], Cancel));
        Assert.Single(await session.ListAsync("select note_id from notes.notes where tenant_id = $1 for update", [tenant], row => row.GetInt64(0), Cancel));
        foreach (var sql in new[] { "update notes.notes set tenant_id = tenant_id", "delete from notes.notes" })
            Assert.Equal(Refusal.Denied, (await Assert.ThrowsAsync<DatabaseRefusedException>(() => session.ExecuteAsync(sql, [], Cancel))).Refusal);
    }
}
