using System.Buffers;
using Vouchsafe.Audit.Checks;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Sequencing;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Entries;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Audit.Trail;

/// <summary>Reads a tenant's trail: what is in it, and proofs that it is.</summary>
public sealed class TrailReader
{
    private const int MostLooks = 2000;

    private readonly IDatabase _database;
    private readonly EntryOpener _opener;
    private readonly CheckpointSigner _signer;
    private readonly Sequencer _sequencer;
    private readonly HeadMemory _memory;

    internal TrailReader(IDatabase database, EntryOpener opener, CheckpointSigner signer, Sequencer sequencer, HeadMemory memory) =>
        (_database, _opener, _signer, _sequencer, _memory) = (database, opener, signer, sequencer, memory);

    /// <summary>Opens a tenant's log for somebody who takes nothing from the database unverified.</summary>
    /// <param name="tenant">Whose log.</param>
    /// <param name="known">A head that the log must continue, beside the one that this node remembers; null: none.</param>
    /// <param name="sequence">True: entries committed before this call are in it.</param>
    /// <returns>Null while the log has no entries.</returns>
    public async Task<VerifiedLog?> OpenVerifiedAsync(TenantId tenant, TreeHead? known, bool sequence, CancellationToken cancellationToken)
    {
        if (sequence) await SequenceAsync(cancellationToken);
        var session = _database.Tenant(new TenantScope(tenant, Actor.System("audit.proof"), OwnerReach.All, null));
        VerifiedLog? log = null;
        try
        {
            log = await VerifiedLog.OpenAsync(session, known, _memory, _opener, _signer, cancellationToken);
            return log;
        }
        finally
        {
            if (log is null) await session.DisposeAsync();
        }
    }

    /// <summary>The event of an entry that the table holds, without any proof: cheap, and good enough to decide whether to look further.</summary>
    /// <returns>Null where there is no such entry.</returns>
    public async Task<string?> EventOfAsync(TenantId tenant, Guid entry, CancellationToken cancellationToken)
    {
        await using var session = _database.Tenant(new TenantScope(tenant, Actor.System("audit.proof"), OwnerReach.All, null));
        var stored = (await TenantLog.EntriesAsync(session, 0, [entry], cancellationToken))[0];
        return Leaf.TryParse(stored.Leaf, out var leaf) ? leaf.EventName : null;
    }

    /// <summary>Entries, newest first, opened as far as their keys live.</summary>
    /// <param name="session">The tenant's.</param>
    /// <param name="before">Only entries with a smaller index; null: from the newest.</param>
    /// <param name="limit">At most so many, up to 500.</param>
    public async Task<IReadOnlyList<TrailEntry>> ListAsync(TenantSession session, long? before, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 500);
        if (await TenantLog.HeadAsync(session, cancellationToken) is not { } head)
            return [];
        var to = Math.Min(before ?? head.Size, head.Size);
        var from = Math.Max(head.PrunedTo, to - limit);
        var entries = new List<TrailEntry>();
        await foreach (var stored in TenantLog.EntriesAsync(session, from, to, cancellationToken))
            entries.Add(TrailEntry.Open(stored, session.Scope.Tenant, _opener));
        entries.Reverse();
        return entries;
    }

    /// <summary>The log's signed head; null while it has no entries.</summary>
    public async Task<SignedNote?> CheckpointAsync(TenantSession session, CancellationToken cancellationToken)
    {
        await _signer.ReadyAsync(cancellationToken);
        return await TenantLog.HeadAsync(session, cancellationToken) is { } head ? _signer.Sign(head) : null;
    }

    /// <summary>The key that verifies the checkpoints of the tenant's log; null while it has no entries.</summary>
    public async Task<NoteVerifier?> VerifierAsync(TenantSession session, CancellationToken cancellationToken)
    {
        await _signer.ReadyAsync(cancellationToken);
        return await TenantLog.HeadAsync(session, cancellationToken) is { } head ? _signer.Verifier(head.LogId) : null;
    }

    /// <summary>The hand-overs that lead from the log's first key to the present one, oldest first (docs/formats/key-handover.md).</summary>
    public async Task<IReadOnlyList<SignedNote>> HandoversAsync(TenantSession session, CancellationToken cancellationToken)
    {
        await _signer.ReadyAsync(cancellationToken);
        return await TenantLog.HeadAsync(session, cancellationToken) is { } head ? _signer.Handovers(head.LogId) : [];
    }

    /// <summary>A hash tile of the log (C2SP tlog-tiles), as wide as the log has it; null where there is none.</summary>
    public async Task<ReadOnlyMemory<byte>?> TileAsync(TenantSession session, int level, long index, CancellationToken cancellationToken) =>
        await new TenantTiles(session).ReadAsync(new TileAddress(level, index, 1), cancellationToken);

    /// <summary>That the entry at an index is in the log of a size; null where the log isn't that long or the entry was pruned.</summary>
    public async Task<IReadOnlyList<Digest>?> InclusionAsync(TenantSession session, long index, long size, CancellationToken cancellationToken)
    {
        var head = await TenantLog.HeadAsync(session, cancellationToken);
        if (head is null || size > head.Size || index < head.PrunedTo || index >= size)
            return null;
        return await new ProofBuilder(new TenantTiles(session), size).InclusionAsync(index, cancellationToken);
    }

    /// <summary>That the log of one size is a beginning of that of another; null where it isn't that long, or what it takes was pruned.</summary>
    public async Task<IReadOnlyList<Digest>?> ConsistencyAsync(TenantSession session, long from, long to, CancellationToken cancellationToken)
    {
        var head = await TenantLog.HeadAsync(session, cancellationToken);
        if (head is null || from < 0 || from > to || to > head.Size || (from < head.PrunedTo && from % Tile.FullWidth != 0))
            return null;
        return await new ProofBuilder(new TenantTiles(session), to).ConsistencyAsync(from, cancellationToken);
    }

    /// <summary>Returns when what was committed before the call has its index, whichever node gives it.</summary>
    internal async Task SequenceAsync(CancellationToken cancellationToken)
    {
        // Another node's round may have taken the entry and not be committed yet: ours begins after it ended. Each look is a
        // round trip to the server, which paces this loop; a node that stalls for longer than all of them is not waited for.
        for (var look = 0; look < MostLooks && await _sequencer.RunRoundAsync(cancellationToken) is null; look++)
        {
        }
    }

    /// <summary>Returns when everything of the tenant's that was committed before the call has its index.</summary>
    /// <exception cref="TrailBusyException">It can't be brought about now.</exception>
    internal async Task SequenceAllAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        await using var platform = _database.Platform(Actor.System("audit.sequencing"));
        var waiting = await platform.ListAsync("select append_id from audit.pending where tenant_id = $1", [tenant.Value], row => row.GetGuid(0), cancellationToken);
        for (var (look, idle) = (0, 0); waiting.Count > 0; look++)
        {
            // A round that finds nothing to do leaves a damaged log's entries where they are.
            idle = await _sequencer.RunRoundAsync(cancellationToken) == 0 ? idle + 1 : 0;
            waiting = await platform.ListAsync(
                "select append_id from audit.pending where tenant_id = $1 and append_id = any($2)", [tenant.Value, waiting.ToArray()], row => row.GetGuid(0), cancellationToken);
            if (waiting.Count > 0 && (look >= MostLooks || idle > 1))
                throw new TrailBusyException(waiting.Count);
        }
    }

    /// <summary>The leaves of up to 256 entries as an <see cref="EntryBundle"/>. What the leaves commit to isn't among them.</summary>
    /// <param name="index">The bundle's place, that of the tile of level 0 with its hashes.</param>
    /// <param name="width">How many entries, 1 to 256.</param>
    /// <returns>Null where the log has fewer, or they were pruned.</returns>
    public async Task<ReadOnlyMemory<byte>?> EntryBundleAsync(TenantSession session, long index, int width, CancellationToken cancellationToken)
    {
        if (await TenantLog.HeadAsync(session, cancellationToken) is not { } head || index > head.Size / Tile.FullWidth)
            return null;
        var first = index * Tile.FullWidth;
        if (first < head.PrunedTo || first + width > head.Size)
            return null;
        var ids = await TenantLog.IdsAsync(session, index, cancellationToken);
        if (ids.Count < width)
            return null;
        var bundle = new ArrayBufferWriter<byte>();
        foreach (var entry in await TenantLog.EntriesAsync(session, first, ids[..width], cancellationToken))
        {
            if (!EntryBundle.TryAppend(bundle, entry.Leaf))
                return null;
        }

        return bundle.WrittenMemory;
    }

    /// <summary>Everything that proves to an outsider that an entry was recorded: its index, the path to a signed root, and its content.</summary>
    /// <returns>Null where the log has no such entry.</returns>
    /// <remarks>An entry that was just committed gets its index here, if the sequencer wasn't faster.</remarks>
    public async Task<EntryProof?> ProveAsync(TenantId tenant, Guid entry, CancellationToken cancellationToken)
    {
        await using var session = _database.Tenant(new TenantScope(tenant, Actor.System("audit.proof"), OwnerReach.All, null));
        if (await EntryIndex.FindAsync(session, entry, cancellationToken) is not { } index)
        {
            await SequenceAsync(cancellationToken);
            if (await EntryIndex.FindAsync(session, entry, cancellationToken) is not { } found)
                return null;
            index = found;
        }

        await _signer.ReadyAsync(cancellationToken);
        var head = (await TenantLog.HeadAsync(session, cancellationToken))!;
        var stored = (await TenantLog.EntriesAsync(session, index, [entry], cancellationToken))[0];
        var path = await new ProofBuilder(new TenantTiles(session), head.Size).InclusionAsync(index, cancellationToken);
        return new EntryProof(TrailEntry.Open(stored, tenant, _opener), stored.Leaf ?? [], path, _signer.Sign(head), _signer.Verifier(head.LogId));
    }
}
