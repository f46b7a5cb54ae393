using Vouchsafe.Postgres.Errors;
using Vouchsafe.Postgres.Health;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Postgres.Tests.Health;

/// <summary>
/// The disk under the database is full: updates in place go on, and readiness isn't deceived by them.
/// </summary>
public sealed class FullDisks(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_database_without_room_isnt_ready_until_there_is_some()
    {
        using var readiness = new DatabaseReadiness((Database)database.Database, database.Time);
        Assert.True(await readiness.IsReadyAsync(Cancel));
        await SimulatedFullDisk.FillAsync(database.Superuser);

        // The rows that are there still change, as on a disk that is full.
        await using var session = database.Database.Platform(Actor.System("test"));
        Assert.Equal(1, await session.ExecuteAsync("update vouchsafe.write_probe set written_at = $1", [session.Now], Cancel));
        database.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(await readiness.IsReadyAsync(Cancel));
        database.Time.Advance(TimeSpan.FromSeconds(15));
        Assert.False(await readiness.IsReadyAsync(Cancel));
        for (var look = 0; look < 5; look++)
        {
            database.Time.Advance(TimeSpan.FromSeconds(2));
            Assert.False(await readiness.IsReadyAsync(Cancel));
        }

        await SimulatedFullDisk.MakeRoomAsync(database.Superuser);
        database.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(await readiness.IsReadyAsync(Cancel));

        // Where anybody's write met it, the next look is one that needs room.
        await SimulatedFullDisk.FillAsync(database.Superuser);
        var refused = await Assert.ThrowsAsync<DatabaseRefusedException>(() => session.ExecuteAsync("update vouchsafe.write_probe set filler = '\\x00'", [], Cancel));
        Assert.Equal((Refusal.TooBusy, true), (refused.Refusal, DatabaseOutage.IsCauseOf(refused)));
        database.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(await readiness.IsReadyAsync(Cancel));
        await SimulatedFullDisk.MakeRoomAsync(database.Superuser);
    }
}
