using Vouchsafe.Postgres.Errors;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Postgres.Tests.Sessions;

/// <summary>
/// A superuser ends backends while sessions are at work: whatever a session was doing, its caller is told that the
/// database is away and nothing else.
/// </summary>
public sealed class TerminatedBackends(NotesDatabase notes) : IClassFixture<NotesDatabase>
{
    private const int Workers = 6;
    private const int Rounds = 40;

    private static readonly string Large = new('x', 400_000);

    [Fact]
    public async Task Every_session_that_loses_its_backend_says_that_the_database_is_away()
    {
        var cancel = TestContext.Current.CancellationToken;
        var tenant = notes.NewTenant();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var killing = KillAsync(over.Token);
        var failures = (await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(() => WorkAsync(worker, tenant.Value), cancel)))).SelectMany(seen => seen).ToList();
        await over.CancelAsync();
        var killed = await killing;
        TestContext.Current.SendDiagnosticMessage($"{killed} backends ended, {failures.Count} failures: {string.Join(", ", failures.CountBy(failure => failure.Message.Split('.')[0]))}");
        Assert.NotEmpty(failures);
        Assert.Empty(failures.Where(failure => !DatabaseOutage.IsCauseOf(failure)).Select(failure => failure.ToString()).Distinct());
        // The last that was ended may lie idle: who meets it clears the pool of its kind.
        if (await Record.ExceptionAsync(AskAsync) is { } idle) Assert.True(DatabaseOutage.IsCauseOf(idle), idle.ToString());
        await AskAsync();

        async Task AskAsync()
        {
            await using var after = notes.Database.Tenant(TestDatabase.ScopeOf(tenant));
            Assert.NotEmpty(await after.ListAsync("select 1", [], row => row.GetInt32(0), cancel));
        }
    }

    [Fact]
    public async Task Of_connections_that_were_ended_while_they_lay_idle_one_fails_and_no_more()
    {
        var cancel = TestContext.Current.CancellationToken;
        var tenant = notes.NewTenant();
        var sessions = Enumerable.Range(0, 6).Select(_ => notes.Database.Tenant(TestDatabase.ScopeOf(tenant))).ToList();
        foreach (var session in sessions) await session.ListAsync("select 1", [], row => row.GetInt32(0), cancel);
        foreach (var session in sessions) await session.DisposeAsync();
        await TestDatabase.ScalarAsync(notes.Superuser,
            "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
        var failures = new List<Exception>();
        for (var n = 0; n < 6; n++)
        {
            await using var session = notes.Database.Tenant(TestDatabase.ScopeOf(tenant));
            if (await Record.ExceptionAsync(() => session.ListAsync("select 1", [], row => row.GetInt32(0), cancel)) is { } failure) failures.Add(failure);
        }
        Assert.True(DatabaseOutage.IsCauseOf(Assert.Single(failures)));
    }

    /// <summary>
    /// What the driver may say where a connection breaks under a statement, whatever state it claims to be in.
    /// </summary>
    [Theory]
    [InlineData("System.Net.Security.SslStream")]
    [InlineData("System.Net.Sockets.NetworkStream")]
    [InlineData("NpgsqlTransaction")]
    public async Task A_connection_that_is_disposed_under_a_statement_is_an_outage(string what)
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var session = notes.Database.Tenant(TestDatabase.ScopeOf(notes.NewTenant()));
        await Assert.ThrowsAsync<DatabaseUnreachableException>(() => session.ListAsync<int>("select 1", [], _ => throw new ObjectDisposedException(what), cancel));
        Assert.True(DatabaseOutage.IsCauseOf(new InvalidOperationException("of a library", new ObjectDisposedException(what))));
        Assert.False(DatabaseOutage.IsCauseOf(new ObjectDisposedException("Vouchsafe.Postgres.Sessions.TenantSession")));
        await session.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => session.ListAsync("select 1", [], row => row.GetInt32(0), cancel));
    }

    private async Task<int> KillAsync(CancellationToken over)
    {
        var killed = 0;
        while (!over.IsCancellationRequested)
            killed += (int)(long)(await TestDatabase.ScalarAsync(notes.Superuser,
                "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"))!;
        return killed;
    }

    private async Task<List<Exception>> WorkAsync(int worker, Guid tenant)
    {
        var failures = new List<Exception>();
        for (var round = 0; round < Rounds; round++)
            try
            {
                await ((round % 5) switch
                {
                    0 => ReadAsync(tenant),
                    1 => BatchAsync(tenant, worker),
                    2 => TransactAsync(tenant, worker, commit: true),
                    3 => TransactAsync(tenant, worker, commit: false),
                    _ => StreamAsync(tenant),
                });
            }
            catch (Exception failure)
            {
                failures.Add(failure);
            }
        return failures;
    }

    private async Task ReadAsync(Guid tenant)
    {
        await using var session = notes.Database.Tenant(TestDatabase.ScopeOf(new(tenant)));
        for (var n = 0; n < 3; n++) await session.ListAsync("select body from notes.notes where tenant_id = $1", [tenant], row => row.GetString(0), default);
    }

    private async Task BatchAsync(Guid tenant, int worker)
    {
        await using var session = notes.Database.Platform(Postgres.Tenancy.Actor.System("test"));
        for (var n = 0; n < 3; n++)
            await session.ExecuteBatchAsync(
                [
                    // Larger than the driver's buffers: it is still being sent when the server's last word arrives.
                    new Statement("insert into notes.places (place_id, name) values ($1, 'a') on conflict (place_id) do update set name = $2", worker, Large),
                    new Statement("update notes.places set name = $2 where place_id = $1", worker, Large),
                ], default);
    }

    private async Task TransactAsync(Guid tenant, int worker, bool commit)
    {
        await using var session = notes.Database.Tenant(TestDatabase.ScopeOf(new(tenant)));
        await session.BeginAsync(default);
        await session.ExecuteAsync("insert into notes.notes values ($1, $2, 'a') on conflict (tenant_id, note_id) do update set body = 'b'", [tenant, (long)worker], default);
        await session.ExecuteAsync("select count(*) from generate_series(1, 3000)", [], default);
        if (commit) await session.CommitAsync(default);
        else await session.RollbackAsync(default);
    }

    private async Task StreamAsync(Guid tenant)
    {
        await using var session = notes.Database.Tenant(TestDatabase.ScopeOf(new(tenant)));
        var seen = 0;
        await foreach (var row in session.StreamAsync("select n from generate_series(1, 20000) n", [], row => row.GetInt32(0), default))
            if ((seen += row) < 0) break;
    }
}
