using Vouchsafe.Postgres.Sessions;

namespace Vouchsafe.Audit.Checks;

/// <summary>Whether a log's tables hold exactly what its head says: hashes and names beyond it, before it or beside it are nobody's.</summary>
internal static class LogExtent
{
    /// <summary>Tiles, bundles and tails outside the log's size. One statement, so that a log that moves meanwhile is seen at one moment.</summary>
    private const string Find =
        """
        select
            exists (select from audit.bundles b where b.tenant_id = h.tenant_id and b.bundle < h.pruned_to / 256)
            or exists (select from audit.bundles b where b.tenant_id = h.tenant_id and b.bundle >= h.size / 256),
            exists (select from audit.tiles t where t.tenant_id = h.tenant_id and t.level = 0 and t.tile < h.pruned_to / 256)
            or exists (select from audit.tiles t where t.tenant_id = h.tenant_id and t.level = 0 and t.tile >= h.size / 256)
            or exists (select from generate_series(1, 7) l join audit.tiles t on t.tenant_id = h.tenant_id and t.level = l and t.tile >= ((h.size >> (8 * l)) + 255) / 256)
            or exists (
                select from generate_series(1, 7) l join audit.tiles t on t.tenant_id = h.tenant_id and t.level = l and t.tile = (h.size >> (8 * l)) / 256
                where octet_length(t.hashes) > 32 * ((h.size >> (8 * l)) % 256)),
            tail.entries <> h.size % 256 or (h.size % 256 > 0 and (tail.first <> h.size - h.size % 256 or tail.after <> h.size))
        from audit.heads h
        cross join lateral (
            select coalesce(sum(octet_length(t.entries) / 16), 0) as entries, min(t.first_index) as first, max(t.first_index + octet_length(t.entries) / 16) as after
            from audit.tails t where t.tenant_id = h.tenant_id) tail
        where h.tenant_id = $1
        """;

    /// <summary>Tenants that parts of a log lie about for, while there is no head. Each is found by a few steps in an index, however much lies there.</summary>
    private const string FindHeadless =
        """
        with recursive bundled as (
            (select tenant_id as id from audit.bundles order by tenant_id limit 1)
            union all
            select (select b.tenant_id from audit.bundles b where b.tenant_id > bundled.id order by b.tenant_id limit 1) from bundled where bundled.id is not null),
        tiled as (
            (select tenant_id as id from audit.tiles order by tenant_id limit 1)
            union all
            select (select t.tenant_id from audit.tiles t where t.tenant_id > tiled.id order by t.tenant_id limit 1) from tiled where tiled.id is not null)
        select distinct id from (
            select id from bundled union all select id from tiled union all select tenant_id from audit.tails union all select tenant_id from audit.rolled_up) as part(id)
        where id is not null and not exists (select from audit.heads h join audit.logs l on l.tenant_id = h.tenant_id where h.tenant_id = id)
        """;

    public static async Task<string?> FindBesideAsync(PlatformSession session, Guid tenant, string name, CancellationToken cancellationToken)
    {
        var (bundles, tiles, tails) = await session.SingleOrDefaultAsync(Find, [tenant], row => (row.GetBoolean(0), row.GetBoolean(1), row.GetBoolean(2)), cancellationToken);
        return bundles ? $"ids of entries stand beside {name} that never were in it"
            : tiles ? $"hashes stand beside {name} that never were in it"
            : tails ? $"the newest entries of {name} aren't as many as its head says, or some stand beside it"
            : null;
    }

    public static Task<List<Guid>> HeadlessAsync(PlatformSession session, CancellationToken cancellationToken) =>
        session.ListAsync(FindHeadless, [], row => row.GetGuid(0), cancellationToken);
}
