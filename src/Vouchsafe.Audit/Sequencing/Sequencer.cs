using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Audit.Sequencing;

/// <summary>
/// Gives committed entries their indexes and integrates them into their tenants' logs. One round is one transaction:
/// the pending rows go, and tiles, bundles, tails and heads come, or nothing happens. An advisory lock held by that
/// transaction keeps other nodes out, so that a node that dies or stalls holds nobody up and writes nothing late.
/// </summary>
internal sealed class Sequencer(IDatabase database, LogIdentities identities, SequencerOptions options, ISequencerWitness? witness = null) : IDisposable
{
    private const long LockKey = 0x766f_7563_6861; // "voucha"

    private readonly SemaphoreSlim _oneRound = new(1, 1);
    private readonly Dictionary<Guid, RightEdge> _edges = [];
    private readonly HashSet<Guid> _damaged = [];

    /// <summary>Logs whose parts contradict each other; their entries wait.</summary>
    public IReadOnlyCollection<Guid> Damaged => _damaged;

    /// <summary>Forgets which logs were damaged, so that the next round looks at them again.</summary>
    public void Reconsider() => _damaged.Clear();

    /// <returns>How many entries got their index; null where another node is at it.</returns>
    public async Task<int?> RunRoundAsync(CancellationToken cancellationToken)
    {
        await _oneRound.WaitAsync(cancellationToken);
        try
        {
            return await RunAsync(cancellationToken);
        }
        finally
        {
            _oneRound.Release();
        }
    }

    private async Task<int?> RunAsync(CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Actor.System("audit.sequencer"));
        await session.BeginAsync(cancellationToken);
        try
        {
            var count = await SequenceAsync(session, cancellationToken);
            await session.CommitAsync(cancellationToken);
            witness?.Reached(SequencerStep.Committed);
            return count;
        }
        catch
        {
            // What was computed may not have been stored.
            _edges.Clear();
            throw;
        }
    }

    public void Dispose() => _oneRound.Dispose();

    private async Task<int?> SequenceAsync(PlatformSession session, CancellationToken cancellationToken)
    {
        var alone = await session.SingleOrDefaultAsync(
            "select pg_try_advisory_xact_lock($1)", [LockKey], row => row.GetBoolean(0), cancellationToken);
        if (!alone)
            return null;
        witness?.Reached(SequencerStep.Began);

        var taken = await TakePendingAsync(session, cancellationToken);
        witness?.Reached(SequencerStep.TookPending);
        if (taken.Count == 0)
            return 0;

        var logs = taken.GroupBy(append => append.Tenant).ToDictionary(group => group.Key, group => group.ToList());
        var heads = await LogHeads.LockAsync(session, [.. logs.Keys], cancellationToken);
        Guid[] fresh = [.. logs.Keys.Except(heads.Keys)];
        var opened = fresh.Length == 0 ? [] : await LogHeads.OpenAsync(session, fresh, [.. fresh.Select(tenant => identities.Of(new TenantId(tenant)))], cancellationToken);
        witness?.Reached(SequencerStep.ReadHeads);

        var moves = new List<LogMove>();
        var later = new List<PendingAppend>();
        foreach (var (tenant, appends) in logs)
        {
            var head = heads.GetValueOrDefault(tenant);
            var ours = head is not null || opened.Contains(tenant);
            if (ours && await EdgeAsync(session, tenant, head, cancellationToken) is { } edge)
                moves.Add(LogMove.Make(tenant, edge, appends));
            else
                later.AddRange(appends);
        }

        witness?.Reached(SequencerStep.Computed);
        if (later.Count > 0)
            await PutBackAsync(session, later, cancellationToken);
        await LogWriter.WriteAsync(session, moves, witness, cancellationToken);
        return moves.Sum(move => move.Count);
    }

    /// <remarks>The rows are found by their place (ctid): the table has no index to maintain, and only this transaction deletes from it.</remarks>
    private async Task<List<PendingAppend>> TakePendingAsync(PlatformSession session, CancellationToken cancellationToken) =>
        await session.ListAsync(
            """
            delete from audit.pending where ctid = any(array(
                select place from (
                    select ctid as place, octet_length(hashes) / 32 as n, sum(octet_length(hashes) / 32) over (rows unbounded preceding) as through
                    from audit.pending where tenant_id <> all($3) limit $1) as p
                where through - n < $2))
            returning tenant_id, append_id, hashes
            """,
            [options.RoundAppends, options.RoundEntries, _damaged.ToArray()],
            row => new PendingAppend(row.GetGuid(0), new AppendId(row.GetGuid(1)), row.GetFieldValue<byte[]>(2)),
            cancellationToken);

    /// <summary>Of logs that are damaged, or that a strict append holds.</summary>
    private static Task PutBackAsync(PlatformSession session, List<PendingAppend> back, CancellationToken cancellationToken) =>
        session.ExecuteAsync(
            "insert into audit.pending (tenant_id, append_id, hashes) select * from unnest($1::uuid[], $2::uuid[], $3::bytea[])",
            [back.Select(a => a.Tenant).ToArray(), back.Select(a => a.Append.Value).ToArray(), back.Select(a => a.Hashes).ToArray()],
            cancellationToken);

    /// <summary>The log's right edge: the one in memory if it is what the database holds, else read from there; null where it is damaged.</summary>
    private async Task<RightEdge?> EdgeAsync(PlatformSession session, Guid tenant, LogHead? head, CancellationToken cancellationToken)
    {
        if (_edges.TryGetValue(tenant, out var kept) && kept.Size == (head?.Size ?? 0) && (head is null || kept.Root() == head.Root))
            return kept;
        if (_edges.Count >= options.KeptEdges)
            _edges.Clear();
        try
        {
            return _edges[tenant] = await RightEdgeReader.ReadAsync(session, tenant, head, cancellationToken);
        }
        catch (DamagedLogException)
        {
            _edges.Remove(tenant);
            _damaged.Add(tenant);
            return null;
        }
    }
}
