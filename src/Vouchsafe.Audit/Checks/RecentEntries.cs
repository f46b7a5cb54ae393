using System.Runtime.CompilerServices;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.RollUp;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Audit.Checks;

/// <summary>The newest entries of the logs that moved last: what a check of every entry looks at, in bounded time.</summary>
internal sealed class RecentEntries(IDatabase database)
{
    private const int Logs = 200;
    private const int EntriesOfEach = 512;

    public async IAsyncEnumerable<(LogHead Head, StoredEntry Entry)> ReadAsync(string control, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<LogHead> heads;
        await using (var platform = database.Platform(Actor.System(control)))
            heads = await LogHeads.NewestAsync(platform, Logs, cancellationToken);
        // The roll-up log holds commitments to heads, and no entries.
        foreach (var head in heads.Where(head => !RollUpLog.Is(head.Tenant)))
        {
            await using var session = database.Tenant(new TenantScope(new TenantId(head.Tenant), Actor.System(control), OwnerReach.All, null));
            await foreach (var entry in TenantLog.EntriesAsync(session, Math.Max(head.PrunedTo, head.Size - EntriesOfEach), head.Size, cancellationToken))
                yield return (head, entry);
        }
    }
}
