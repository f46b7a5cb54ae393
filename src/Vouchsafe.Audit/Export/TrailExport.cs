using System.IO.Pipelines;
using Vouchsafe.Audit.Logs;
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

    internal TrailExport(EntryOpener opener, CheckpointSigner signer) => (_opener, _signer) = (opener, signer);

    /// <summary>Streams in bounded memory: 256 entries at a time, and no faster than the output takes them.</summary>
    /// <returns>How many entries were written; null where the tenant's log has none yet, and nothing was written.</returns>
    public async Task<long?> WriteAsync(TenantSession session, PipeWriter output, CancellationToken cancellationToken)
    {
        if (await TenantLog.HeadAsync(session, cancellationToken) is not { } head)
            return null;
        var tiles = new TenantTiles(session);
        var writer = new ExportWriter(output);
        writer.Begin(new ExportHeader(_signer.Verifier(head.LogId).ToString(), _signer.Sign(head).ToString())
        {
            Pruned = head.PrunedTo,
            Frozen = await new ProofBuilder(tiles, head.Size).FrozenAsync(head.PrunedTo, cancellationToken),
        });
        ReadOnlyMemory<byte> above = default;
        for (var first = head.PrunedTo; first < head.Size; first += Tile.FullWidth)
        {
            var bundle = first / Tile.FullWidth;
            if (above.IsEmpty || bundle % Tile.FullWidth == 0)
                above = await tiles.ReadAsync(new TileAddress(1, bundle / Tile.FullWidth, 1), cancellationToken) ?? default;
            var width = (int)Math.Min(Tile.FullWidth, head.Size - first);
            var hashes = await tiles.ReadAsync(new TileAddress(0, bundle, width), cancellationToken) ?? default;
            if (hashes.Length < width * Digest.Size)
                throw new TreeException($"The log of {head.Size} entries misses the hashes of entries {first} to {first + width - 1}.");
            var place = (int)(bundle % Tile.FullWidth) * Digest.Size;
            Digest? root = width == Tile.FullWidth && above.Length >= place + Digest.Size ? Digest.From(above.Span.Slice(place, Digest.Size)) : null;
            writer.BeginTile(Digest.Cast(hashes.Span)[..width], root);
            await WriteEntriesAsync(session, writer, first, width, cancellationToken);
            await output.FlushAsync(cancellationToken);
        }

        writer.Complete();
        await output.FlushAsync(cancellationToken);
        return head.Size - head.PrunedTo;
    }

    private async Task WriteEntriesAsync(TenantSession session, ExportWriter writer, long first, int width, CancellationToken cancellationToken)
    {
        var ids = await TenantLog.IdsAsync(session, first / Tile.FullWidth, cancellationToken);
        if (ids.Count < width)
            throw new TreeException($"The log misses the ids of entries {first} to {first + width - 1}.");
        foreach (var entry in await TenantLog.EntriesAsync(session, first, ids[..width], cancellationToken))
        {
            // A row that is gone is written as what it is, an entry without a leaf: the verifier names it.
            writer.Add(entry.Leaf, entry is { Leaf: not null, Sealed: not null }
                ? _opener.Open(session.Scope.Tenant.Value, entry.Leaf, entry.Sealed)
                : new OpenedEntry(OpenedGroup.Unreadable, OpenedGroup.Unreadable));
        }
    }
}
