using Vouchsafe.Postgres.Errors;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Postgres.Tests.Sessions;

public sealed class NotesDatabase : TestDatabase
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await RunAsync(Owner,
            """
            create schema notes;
            create table notes.notes (tenant_id uuid not null, note_id bigint not null, body text not null, primary key (tenant_id, note_id));
            call vouchsafe.tenant_table('notes.notes');
            create table notes.places (place_id int primary key, name text);
            call vouchsafe.platform_table('notes.places');
            """);
    }
}

public sealed class TenantSessions(NotesDatabase notes) : IClassFixture<NotesDatabase>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_sees_its_tenant_and_no_other()
    {
        var (one, other) = (notes.NewTenant(), notes.NewTenant());
        await using var mine = notes.Database.Tenant(TestDatabase.ScopeOf(one));
        await using var theirs = notes.Database.Tenant(TestDatabase.ScopeOf(other));
        Assert.Equal(1, await mine.ExecuteAsync("insert into notes.notes values ($1, 1, 'mine')", [one], Cancel));

        Assert.Equal("mine", await mine.SingleOrDefaultAsync("select body from notes.notes where tenant_id = $1", [one], row => row.GetString(0), Cancel));
        Assert.Null(await theirs.SingleOrDefaultAsync("select body from notes.notes where tenant_id = $1", [one], row => row.GetString(0), Cancel));
        var refused = await Assert.ThrowsAsync<DatabaseRefusedException>(() => theirs.ExecuteAsync("insert into notes.notes values ($1, 2, 'x')", [one], Cancel));
        Assert.Equal(Refusal.Denied, refused.Refusal);
        Assert.Equal(0, await theirs.ExecuteAsync("update notes.notes set body = 'theirs'", [], Cancel));
    }

    [Fact]
    public async Task A_transaction_is_whole_or_nothing()
    {
        var tenant = notes.NewTenant();
        await using (var session = notes.Database.Tenant(TestDatabase.ScopeOf(tenant)))
        {
            await session.BeginAsync(Cancel);
            await session.ExecuteAsync("insert into notes.notes values ($1, 1, 'a')", [tenant], Cancel);
            await session.ExecuteAsync("insert into notes.notes values ($1, 2, 'b')", [tenant], Cancel);
            // Not committed: disposing rolls back.
        }

        await using var after = notes.Database.Tenant(TestDatabase.ScopeOf(tenant));
        Assert.Empty(await after.ListAsync("select note_id from notes.notes", [], row => row.GetInt64(0), Cancel));
        var told = 0;
        await after.BeginAsync(Cancel);
        after.OnCommitted(() => told++);
        await after.ExecuteAsync("insert into notes.notes values ($1, 1, 'a')", [tenant], Cancel);
        await after.CommitAsync(Cancel);
        Assert.Equal(1, told);
        Assert.Equal([1], await after.ListAsync("select note_id from notes.notes", [], row => row.GetInt64(0), Cancel));
    }
}
