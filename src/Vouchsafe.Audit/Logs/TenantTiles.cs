using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Audit.Logs;

/// <summary>The tenant's own tiles, through the functions that give each tenant its part and no more.</summary>
internal sealed class TenantTiles(TenantSession session) : ITileSource
{
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(TileAddress address, CancellationToken cancellationToken)
    {
        // The right edge of level 0 lies in the tail until it becomes a full tile; in one statement it is in one of the two.
        var parts = await session.ListAsync(
            """
            select 0::bigint, hashes from audit.tiles_of($1, $2, $3, $3)
            union all
            select first_index, hashes from audit.tail_of($1) where $2 = 0 and first_index >> 8 = $3
            order by 1
            """,
            [session.Scope.Tenant.Value, (short)address.Level, address.Index],
            row => row.GetFieldValue<byte[]>(1),
            cancellationToken);
        return parts.Count switch
        {
            0 => null,
            1 => parts[0],
            _ => parts.SelectMany(part => part).ToArray(),
        };
    }
}
