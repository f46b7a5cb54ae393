using System.IO.Pipelines;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.RollUp;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Transparency.Entries;
using Vouchsafe.Transparency.Exports;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Audit.Export;

/// <summary>Writes a tenant's whole trail as docs/formats/audit-export.md: entries as far as their keys open them, and what verifies them offline.</summary>
public sealed class TrailExport
{
    private readonly EntryOpener _opener;
    private readonly CheckpointSigner _signer;

    private readonly TrailReader _reader;
    private readonly RollUpProver _rollUp;

    internal TrailExport(EntryOpener opener, CheckpointSigner signer, TrailReader reader, RollUpProver rollUp) =>
        (_opener, _signer, _reader, _rollUp) = (opener, signer, reader, rollUp);

    /// <summary>Streams in bounded memory: 256 entries at a time, and no faster than the output takes them.</summary>
    /// <param name="since">The size of an earlier checkpoint, for a proof that the export continues it though what it saw was pruned; null:
    /// none. Without such a proof a verifier can only compare checkpoints that reach beyond what was pruned.</param>
    /// <exception cref="TrailBusyException">Entries that were committed before the call can't be part of it; nothing was written.</exception>
    /// <returns>How many entries were written; null where the tenant's log has none yet, and nothing was written.</returns>
    public async Task<long?> WriteAsync(TenantSession session, PipeWriter output, long? since, CancellationToken cancellationToken)
    {
        // What was committed before the call is in the export; so is the record of a pruning that took entries away.
        await _reader.SequenceAllAsync(session.Scope.Tenant, cancellationToken);
        if (await TenantLog.HeadAsync(session, cancellationToken) is not { } head)
            return null;
        await _signer.ReadyAsync(cancellationToken);
        var tiles = new TenantTiles(session);
        var writer = new ExportWriter(output);
        writer.Begin(new ExportHeader(_signer.Verifier(head.LogId).ToString(), _signer.Sign(head).ToString())
        {
            Pruned = head.PrunedTo,
            Handovers = [.. _signer.Handovers(head.LogId).Select(note => note.ToString())],
            Frozen = await new ProofBuilder(tiles, head.Size).FrozenAsync(head.PrunedTo, cancellationToken),
            Edge = await EdgeAsync(tiles, head.Size, cancellationToken),
            RollUp = await _rollUp.ProveAsync(head, cancellationToken),
            Consistency = since is { } size && await _reader.ConsistencyAsync(session, size, head.Size, cancellationToken) is { } proof ? new ExportConsistency(size, proof) : null,
        });
        for (var first = head.PrunedTo; first < head.Size; first += Tile.FullWidth)
        {
            foreach (var tile in ExportOrder.TilesBefore(first, head.PrunedTo, head.Size))
                writer.BeginTile(tile.Level, (await ReadAsync(tiles, tile, head.Size, cancellationToken)).Span);
            await WriteEntriesAsync(session, writer, first, (int)Math.Min(Tile.FullWidth, head.Size - first), cancellationToken);
            await output.FlushAsync(cancellationToken);
        }

        writer.Complete();
        await output.FlushAsync(cancellationToken);
        return head.Size - head.PrunedTo;
    }

    private static async Task<IReadOnlyList<ReadOnlyMemory<byte>>> EdgeAsync(TenantTiles tiles, long size, CancellationToken cancellationToken)
    {
        var edge = new List<ReadOnlyMemory<byte>>();
        foreach (var address in TreeEdge.Addresses(size))
        {
            while (edge.Count < address.Level)
                edge.Add(default);
            edge.Add(await ReadAsync(tiles, address, size, cancellationToken));
        }

        return edge;
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(TenantTiles tiles, TileAddress address, long size, CancellationToken cancellationToken)
    {
        var width = address.Width * Digest.Size;
        var hashes = await tiles.ReadAsync(address, cancellationToken) ?? default;
        return hashes.Length >= width ? hashes[..width] : throw new TreeException($"The log of {size} entries misses {address}.");
    }

    private async Task WriteEntriesAsync(TenantSession session, ExportWriter writer, long first, int width, CancellationToken cancellationToken)
    {
        var ids = await TenantLog.IdsAsync(session, first / Tile.FullWidth, cancellationToken);
        if (ids.Count < width)
            throw new TreeException($"The log misses the ids of entries {first} to {first + width - 1}.");
        var entries = await TenantLog.EntriesAsync(session, first, ids[..width], cancellationToken);
        if (entries.Exists(entry => entry.Leaf is null) && (await TenantLog.HeadAsync(session, cancellationToken))?.PrunedTo > first)
            throw new TreeException("The log was pruned while it was exported; what is exported so far ends here.");
        foreach (var entry in entries)
        {
            // A row that is gone is written as what it is, an entry without a leaf: the verifier names it.
            writer.Add(entry.Leaf, entry is { Leaf: not null, Sealed: not null }
                ? _opener.Open(session.Scope.Tenant.Value, entry.Leaf, entry.Sealed)
                : new OpenedEntry(OpenedGroup.Unreadable, OpenedGroup.Unreadable));
        }
    }
}
