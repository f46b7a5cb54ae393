using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Audit.Checks;

/// <summary>Compares a log with itself: entries with tiles, tiles with each other, tiles with the head.</summary>
internal sealed class LogSweep(TenantSession session, LogHead head)
{
    private const int Width = Tile.FullWidth;

    private readonly TenantTiles _tiles = new(session);

    /// <summary>The first thing that is wrong among entries [from, to), or null.</summary>
    public async Task<string?> FindFaultAsync(long from, long to, CancellationToken cancellationToken)
    {
        for (var bundle = from / Width; bundle * Width < to; bundle++)
        {
            var first = bundle * Width;
            var width = (int)Math.Min(Width, head.Size - first);
            if (await _tiles.ReadAsync(new TileAddress(0, bundle, width), cancellationToken) is not { } tile || tile.Length < width * Digest.Size)
                return $"the hashes of entries {first} to {first + width - 1} of {Named} are gone";
            if (await FindFaultAsync(first, tile[..(width * Digest.Size)], cancellationToken) is { } fault)
                return fault;
            if (width == Width && await FindFaultAboveAsync(bundle, tile, cancellationToken) is { } above)
                return above;
        }

        return null;
    }

    /// <summary>Whether the tiles make up the head's root.</summary>
    public async Task<string?> FindFaultInRootAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await new ProofBuilder(_tiles, head.Size).RootAsync(cancellationToken) == head.Root
                ? null
                : $"the tiles of {Named} don't hash to its root at {head.Size} entries";
        }
        catch (TreeException)
        {
            return $"tiles of {Named} are gone";
        }
    }

    public string? FindRollBack(VerifiedHead before) =>
        head.Size < before.Size ? $"{Named} was rolled back: it had {before.Size} entries and has {head.Size}" : null;

    /// <summary>Whether the log still begins with the one that was verified before.</summary>
    public async Task<string?> FindRewritingAsync(VerifiedHead before, CancellationToken cancellationToken)
    {
        if (before.Size < head.PrunedTo)
            return null; // Pruned past what was seen: what there was to compare is lawfully gone.
        try
        {
            return await new ProofBuilder(_tiles, before.Size).RootAsync(cancellationToken) == before.Root
                ? null
                : $"{Named} was rewritten: its first {before.Size} entries aren't those that were verified before";
        }
        catch (TreeException)
        {
            return $"tiles of {Named} are gone";
        }
    }

    /// <summary>An entry that stands in the table and is neither in the log nor waiting for it.</summary>
    public async Task<string?> FindStrayAsync(CancellationToken cancellationToken)
    {
        var tenant = session.Scope.Tenant.Value;
        var rows = await session.ListAsync("select append_id from audit.entries where tenant_id = $1", [tenant], row => row.GetGuid(0), cancellationToken);
        var logged = new HashSet<Guid>();
        // Read after the rows: whatever was committed with its pending row has by now an index or still waits.
        var waiting = await session.SingleOrDefaultAsync("select audit.pending_of($1)", [tenant], row => row.GetInt64(0), cancellationToken);
        var now = (await TenantLog.HeadAsync(session, cancellationToken))!;
        for (var bundle = now.PrunedTo / Width; bundle * Width < now.Size; bundle++)
            logged.UnionWith((await TenantLog.IdsAsync(session, bundle, cancellationToken)).Select(id => AppendId.Of(id).Value));
        var strays = rows.Where(row => !logged.Contains(row)).ToList();
        return waiting > 0 || strays.Count == 0 ? null : $"an entry was put beside {Named} that never was in it ({strays[0]:D})";
    }

    private async Task<string?> FindFaultAsync(long first, ReadOnlyMemory<byte> tile, CancellationToken cancellationToken)
    {
        var ids = await TenantLog.IdsAsync(session, first / Width, cancellationToken);
        var count = tile.Length / Digest.Size;
        if (ids.Count < count)
            return $"the bundle of entries {first} to {first + count - 1} of {Named} is gone";
        foreach (var entry in await TenantLog.EntriesAsync(session, first, ids[..count], cancellationToken))
        {
            if (entry.Leaf is null)
                return $"entry {entry.Index} of {Named} was removed";
            if (TreeHash.Leaf(entry.Leaf) != Digest.Cast(tile.Span)[(int)(entry.Index - first)])
                return $"entry {entry.Index} of {Named} was edited";
        }

        return null;
    }

    private async Task<string?> FindFaultAboveAsync(long bundle, ReadOnlyMemory<byte> tile, CancellationToken cancellationToken)
    {
        for (var (level, index, below) = (1, bundle, tile); ; level++, index /= Width)
        {
            var width = (int)(index % Width) + 1;
            if (await _tiles.ReadAsync(new TileAddress(level, index / Width, width), cancellationToken) is not { } above || above.Length < width * Digest.Size)
                return $"tile {index / Width} on level {level} of {Named} is gone";
            if (Root(below) != Digest.Cast(above.Span)[width - 1])
                return $"the hashes of {Named} around entry {bundle * Width} were altered";
            if (width < Width || above.Length < Width * Digest.Size)
                return null;
            below = above;
        }
    }

    private static Digest Root(ReadOnlyMemory<byte> tile)
    {
        var root = new RootBuilder();
        foreach (var hash in Digest.Cast(tile.Span))
            root.Append(0, hash);
        return root.Head().Root;
    }

    private string Named => $"log {head.LogId:N}";
}
