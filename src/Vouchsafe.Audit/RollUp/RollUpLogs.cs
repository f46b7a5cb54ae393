using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Audit.RollUp;

/// <summary>Which roll-up log is the present one. Read once: a restart is done while no node serves (docs/guides/restore.md).</summary>
internal sealed class RollUpLogs(IDatabase database)
{
    private volatile TenantScope? _present;

    public async ValueTask<TenantScope> PresentAsync(CancellationToken cancellationToken)
    {
        if (_present is { } known) return known;
        await using var session = database.Platform(Actor.System(RollUpLog.Job));
        var number = await session.SingleOrDefaultAsync("select coalesce(max(number), 1) from audit.roll_up_restarts", [], row => row.GetInt32(0), cancellationToken);
        return _present = RollUpLog.ScopeOf(number);
    }

    /// <summary>Looks again at the next call.</summary>
    public void Forget() => _present = null;
}
