using Vouchsafe.Audit.Trail;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Audit.Receipts;

/// <summary>Whether something waits for its index for longer than it should, whichever node wrote it.</summary>
internal sealed class PendingAge(IDatabase database, TrailReader trail)
{
    /// <summary>So many are counted.</summary>
    private const int Most = 1000;

    /// <summary>How many appends that are older than <see cref="Reconciler.Within"/> keep waiting after a round of this node.</summary>
    /// <remarks>An append's id holds the time at which it was made. One that committed late is old as well, and gone after the round.</remarks>
    public async Task<int> CountAsync(CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Actor.System("audit.pending-age"));
        var old = AppendId.At(session.Now - Reconciler.Within).Value;
        var waiting = await session.ListAsync("select append_id from audit.pending where append_id < $1 limit $2", [old, Most], row => row.GetGuid(0), cancellationToken);
        if (waiting.Count == 0)
            return 0;
        await trail.SequenceAsync(cancellationToken);
        return await session.SingleOrDefaultAsync(
            "select count(*)::integer from audit.pending where append_id = any($1)", [waiting.ToArray()], row => row.GetInt32(0), cancellationToken);
    }
}
