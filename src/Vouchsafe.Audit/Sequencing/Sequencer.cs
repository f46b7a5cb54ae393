using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Audit.Sequencing;

/// <summary>
/// Gives committed entries their indexes and integrates them into their tenants' logs. One round is one transaction:
/// the pending rows go, and tiles, bundles, tails and heads come, or nothing happens. That transaction holds the row of
/// <c>audit.sequencer</c> and so keeps other nodes out, so that a node that dies or stalls holds nobody up and writes nothing late.
/// </summary>
internal sealed class Sequencer(IDatabase database, LogIdentities identities, SequencerOptions options, TimeProvider time, ISequencerWitness? witness = null) : IDisposable
{
    private readonly SemaphoreSlim _oneRound = new(1, 1);
    private readonly Dictionary<Guid, RightEdge> _edges = [];
    private readonly PendingScan _scan = new(time);
    private readonly HashSet<Guid> _damaged = [];

    /// <summary>Logs that can't move, because their parts contradict each other or their key can't be had; their entries wait.</summary>
    public IReadOnlyCollection<Guid> Damaged => _damaged;

    /// <summary>Forgets which logs were damaged, so that the next round looks at them again.</summary>
    public void Reconsider() => _damaged.Clear();

    /// <param name="hurried">Whether a later round may take what lies out of the way; else whatever was committed before the call gets its index.</param>
    /// <returns>How many entries got their index; null where another node is at it.</returns>
    public async Task<int?> RunRoundAsync(CancellationToken cancellationToken, bool hurried = false)
    {
        await _oneRound.WaitAsync(cancellationToken);
        try
        {
            var from = hurried ? _scan.From() : 0;
            var count = await RunAsync(from, cancellationToken);
            // Nothing new at the end: then there is time to look at the rest.
            return count == 0 && from > 0 ? await RunAsync(0, cancellationToken) : count;
        }
        finally
        {
            _oneRound.Release();
        }
    }

    private async Task<int?> RunAsync(uint from, CancellationToken cancellationToken)
    {
        var aside = new HashSet<Guid>();
        while (true)
        {
            // What a transaction took it can't put back, because no login at run time may insert (decision 0090): it is undone and begun again without
            // the logs that can't move now. Each time there is at least one more of them, so it ends.
            var before = aside.Count;
            var count = await RunOnceAsync(from, aside, cancellationToken);
            if (aside.Count == before)
                return count;
        }
    }

    /// <param name="aside">Logs to leave alone. More may be added; then nothing was done.</param>
    private async Task<int?> RunOnceAsync(uint from, HashSet<Guid> aside, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Actor.System("audit.sequencer"));
        await session.BeginAsync(cancellationToken);
        try
        {
            var before = aside.Count;
            var count = await SequenceAsync(session, from, aside, cancellationToken);
            if (aside.Count > before)
            {
                await session.RollbackAsync(cancellationToken);
                return null;
            }

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

    private async Task<int?> SequenceAsync(PlatformSession session, uint from, HashSet<Guid> aside, CancellationToken cancellationToken)
    {
        witness?.Reached(SequencerStep.Began);
        var began = time.GetTimestamp();
        if (await Taken.TakeAsync(session, options, [.. _damaged.Union(aside)], from, cancellationToken) is not { } taken)
            return null;
        _scan.Looked(from, began, taken.First);
        witness?.Reached(SequencerStep.TookPending);
        if (taken.Appends.Count == 0)
            return 0;

        var logs = taken.Appends.GroupBy(append => append.Tenant).ToDictionary(group => group.Key, group => group.ToList());
        var fresh = logs.Keys.Except(taken.Heads.Keys).Select(tenant => (Tenant: tenant, Log: FindIdentity(tenant))).Where(log => log.Log is not null).ToList();
        var opened = fresh.Count == 0
            ? []
            : await LogHeads.OpenLockedAsync(session, [.. fresh.Select(log => log.Tenant)], [.. fresh.Select(log => log.Log!.Value)], cancellationToken);
        _damaged.UnionWith(taken.Appends.Where(append => !append.IsSound).Select(append => append.Tenant));

        var edges = new List<(Guid Tenant, RightEdge Edge)>();
        foreach (var tenant in logs.Keys)
        {
            var head = taken.Heads.GetValueOrDefault(tenant);
            // Else a strict append holds it, or it was opened a moment ago.
            var ours = head is not null || opened.Contains(tenant);
            if (ours && !_damaged.Contains(tenant) && await EdgeAsync(session, tenant, head, cancellationToken) is { } edge)
                edges.Add((tenant, edge));
            else
                aside.Add(tenant);
        }

        // No edge has moved yet: those in memory are still what the database holds.
        if (edges.Count < logs.Count)
            return null;
        var moves = edges.ConvertAll(log => LogMove.Make(log.Tenant, log.Edge, logs[log.Tenant]));
        witness?.Reached(SequencerStep.Computed);
        await LogWriter.WriteAsync(session, moves, witness, cancellationToken);
        return moves.Sum(move => move.Count);
    }

    /// <returns>Null where the tenant's key can't be had: its entries wait, and nobody else's.</returns>
    private Guid? FindIdentity(Guid tenant)
    {
        try
        {
            return identities.Of(new TenantId(tenant));
        }
        catch (Exception lost) when (lost is KeyDestroyedException or KeyStoreException)
        {
            _damaged.Add(tenant);
            return null;
        }
    }

    /// <summary>The log's right edge: the one in memory if it is what the database holds, else read from there; null where it is damaged.</summary>
    private async Task<RightEdge?> EdgeAsync(PlatformSession session, Guid tenant, TreeHead? head, CancellationToken cancellationToken)
    {
        if (_edges.TryGetValue(tenant, out var kept) && kept.Size == (head?.Size ?? 0) && (head is not { } moved || kept.Root() == moved.Root))
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
