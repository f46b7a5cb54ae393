using Vouchsafe.Hosting.Limits;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Edge.Limits;

/// <summary>Whether the installation may still be set up. Once closed it never opens again.</summary>
internal sealed class SetupDoor(IDatabase database) : ISetupDoor
{
    private volatile bool closed;

    public async ValueTask<bool> IsClosedAsync(CancellationToken cancellationToken)
    {
        // Closed is for good, so that it may be remembered; open may not.
        if (closed) return true;
        await using var session = database.Platform(Actor.System("edge"));
        var rows = await session.SingleOrDefaultAsync("select count(*) from edge.setup", [], row => row.GetInt64(0), cancellationToken);
        return closed = rows > 0;
    }

    public async Task CloseAsync(PlatformSession session, CancellationToken cancellationToken) =>
        await session.ExecuteAsync("insert into edge.setup (closed_at) values ($1) on conflict do nothing", [session.Now], cancellationToken);
}
