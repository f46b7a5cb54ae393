using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.RollUp;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Transparency.Entries;
using Vouchsafe.Transparency.Exports;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Audit.Checks;

/// <summary>Holds one log, as the database has it, to its head and to the rules of the offline verifier (<see cref="SegmentVerifier"/>).</summary>
internal sealed class LogVerifier(TenantSession session, LogHead head, EntryOpener opener, IReadOnlyList<IEntryInspector>? inspectors = null)
{
    private const int Width = Tile.FullWidth;

    private readonly TenantTiles _tiles = new(session);
    private readonly List<ReadOnlyMemory<byte>> _edge = [];

    private LogId? Log => RollUpLog.Is(head.Tenant) ? null : new LogId(head.LogId);

    /// <summary>Reads the tree's right edge, which all else is held to, and holds it to the head.</summary>
    public async Task<string?> FindFaultInHeadAsync(CancellationToken cancellationToken)
    {
        _edge.Clear();
        var tiles = new List<Tile>();
        foreach (var address in TreeEdge.Addresses(head.Size))
        {
            if (await ReadAsync(address, cancellationToken) is not { } hashes)
                return $"tiles of {head.Name} are gone";
            while (_edge.Count < address.Level)
                _edge.Add(default);
            _edge.Add(hashes);
            tiles.Add(new Tile(address.Level, address.Index, hashes));
        }

        try
        {
            TreeEdge.Open(head.Tree, tiles);
            return null;
        }
        catch (TreeException)
        {
            return $"the tiles of {head.Name} don't hash to its root at {head.Size} entries";
        }
    }

    /// <summary>Whether the log continues the one that was verified before.</summary>
    public async Task<string?> FindRewritingAsync(VerifiedHead before, CancellationToken cancellationToken)
    {
        if (head.Size < before.Size)
            return $"{head.Name} was rolled back: it had {before.Size} entries and has {head.Size}";
        var rewritten = $"{head.Name} was rewritten: its first {before.Size} entries aren't those that were verified before";
        // The hashes that a proof takes went with what was pruned. Lawfully that happens to a node that looked at nothing for as long as entries are kept at least:
        // to believe it without a proof would let whoever forges a pruning take entries out.
        if (before.Size < head.PrunedTo && before.Size % Width != 0)
            return $"{head.Name} can't be shown to continue the {before.Size} entries that were verified before: it was pruned to {head.PrunedTo}";
        try
        {
            var proof = await new ProofBuilder(_tiles, head.Size).ConsistencyAsync(before.Size, cancellationToken);
            return Proof.VerifyConsistency(new TreeHead(before.Size, before.Root), head.Tree, proof) ? null : rewritten;
        }
        catch (TreeException)
        {
            return $"tiles of {head.Name} are gone";
        }
    }

    /// <summary>Holds entries to the tree, and opens them. To be called after <see cref="FindFaultInHeadAsync"/> found nothing.</summary>
    /// <param name="from">A multiple of 256.</param>
    /// <param name="to">A multiple of 256, or the log's size.</param>
    /// <param name="seen">Told of each entry that the log names; null: nobody is.</param>
    public async Task<VerifiedSegment> VerifyAsync(long from, long to, SeenEntry? seen, CancellationToken cancellationToken)
    {
        var verifier = new SegmentVerifier(Log, head.Tree, from, _edge);
        var records = new List<PruneRecord>();
        var inspected = new List<(string, long, string)>();
        for (var first = from; first < to; first += Width)
        {
            var leaves = ReadOnlyMemory<byte>.Empty;
            foreach (var address in ExportOrder.TilesBefore(first, from, head.Size))
                if (await ReadAsync(address, cancellationToken) is { } hashes)
                {
                    verifier.TakeTile(address, hashes.Span);
                    leaves = address.Level == 0 ? hashes : leaves;
                }
            var count = (int)Math.Min(Width, head.Size - first);
            var ids = await TenantLog.IdsAsync(session, first / Width, cancellationToken);
            if (ids.Count < count)
                return new VerifiedSegment(verifier.Finish(), records) { Gone = (first, $"the bundle of entries {first} to {first + count - 1} of {head.Name} is gone") };
            foreach (var entry in await TenantLog.EntriesAsync(session, first, ids[..count], cancellationToken))
            {
                // Where the tile is gone or altered, that is what is told.
                if (leaves.Length == count * Digest.Size)
                    seen?.Invoke(entry.Index, entry.Id, Digest.Cast(leaves.Span)[(int)(entry.Index - first)]);
                var opened = Log is not null && entry is { Leaf: not null, Sealed: not null }
                    ? opener.Open(head.Tenant, entry.Leaf, entry.Sealed)
                    : new OpenedEntry(OpenedGroup.Unreadable, OpenedGroup.Unreadable);
                verifier.TakeEntry(entry.Leaf, opened);
                if (Log is null)
                    continue;
                if (PruneRecord.Read(entry, opened) is { } record)
                    records.Add(record);
                foreach (var inspector in inspectors ?? [])
                    if (inspector.Find(head, entry, opened) is { } fault)
                        inspected.Add((inspector.Control, entry.Index, $"entry {entry.Index} of {head.Name} {fault}"));
            }
        }

        return new VerifiedSegment(verifier.Finish(), records) { Inspected = inspected };
    }

    /// <summary>The hash that the tree holds at an index; null where it holds none.</summary>
    public async Task<Digest?> FindLeafAsync(long index, CancellationToken cancellationToken)
    {
        var place = (int)(index % Width);
        return await ReadAsync(new TileAddress(0, index / Width, place + 1), cancellationToken) is { } hashes ? Digest.Cast(hashes.Span)[place] : null;
    }

    private async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(TileAddress address, CancellationToken cancellationToken)
    {
        var width = address.Width * Digest.Size;
        return await _tiles.ReadAsync(address, cancellationToken) is { } hashes && hashes.Length >= width ? hashes[..width] : (ReadOnlyMemory<byte>?)null;
    }
}

/// <summary>Is told of an entry that the log names, and of the hash that the tree holds of it.</summary>
internal delegate void SeenEntry(long index, Guid entry, in Digest leaf);

/// <summary>What a part of a log showed.</summary>
/// <param name="Records">Records of prunings that stand in it.</param>
internal sealed record VerifiedSegment(SegmentReport Report, IReadOnlyList<PruneRecord> Records)
{
    /// <summary>Where it broke off because the log doesn't say any more which entries it has, and how to say that.</summary>
    public (long First, string Message)? Gone { get; init; }

    /// <summary>What inspectors found.</summary>
    public IReadOnlyList<(string Control, long Index, string Message)> Inspected { get; init; } = [];
}
