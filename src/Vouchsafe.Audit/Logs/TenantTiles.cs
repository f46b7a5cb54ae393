using Vouchsafe.Postgres.Sessions;

namespace Vouchsafe.Audit.Logs;

/// <summary>The tenant's own tiles, through the functions that give each tenant its part and no more.</summary>
internal sealed class TenantTiles(TenantSession session) : ITileSource
{
    public async Task<byte[]> TileAsync(int level, long index, long size, CancellationToken cancellationToken)
    {
        var tenant = session.Scope.Tenant.Value;
        var tile = await session.SingleOrDefaultAsync(
            "select hashes from audit.tiles_of($1, $2, $3, $3)", [tenant, (short)level, index], row => row.GetFieldValue<byte[]>(0), cancellationToken);
        if (tile is null && level == 0 && index == size >> 8)
            tile = await TailAsync(tenant, cancellationToken)
                // The tail became a full tile between the two looks.
                ?? await session.SingleOrDefaultAsync("select hashes from audit.tiles_of($1, $2, $3, $3)", [tenant, (short)0, index], row => row.GetFieldValue<byte[]>(0), cancellationToken);
        var width = Math.Min(256, (size >> (8 * level)) - (index << 8));
        return tile is not null && tile.Length >= 32 * width ? tile : throw new TileMissingException(level, index);

        async Task<byte[]?> TailAsync(Guid of, CancellationToken ct)
        {
            var rows = await session.ListAsync(
                "select first_index, hashes from audit.tail_of($1)", [of], row => (First: row.GetInt64(0), Hashes: row.GetFieldValue<byte[]>(1)), ct);
            return rows.Count > 0 && rows[0].First >> 8 == index ? [.. rows.SelectMany(row => row.Hashes)] : null;
        }
    }
}
