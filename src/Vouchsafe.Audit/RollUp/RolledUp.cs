using Npgsql;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Postgres.Sessions;

namespace Vouchsafe.Audit.RollUp;

/// <summary>A head that stands in the roll-up log, and what opens the commitment to it.</summary>
/// <param name="Entry">The leaf's id in the roll-up log.</param>
internal sealed record RolledUp(Guid Tenant, long Size, Digest Root, byte[] Salt, Guid Entry)
{
    public static Task<RolledUp?> FindAsync(PlatformSession session, Guid tenant, CancellationToken cancellationToken) =>
        session.SingleOrDefaultAsync("select tenant_id, size, root, salt, entry_id from audit.rolled_up where tenant_id = $1", [tenant], Read, cancellationToken);

    /// <summary>Heads that moved since they were rolled up, those that wait longest first.</summary>
    public static async Task<List<LogHead>> BehindAsync(PlatformSession session, int most, CancellationToken cancellationToken) =>
        await session.ListAsync(
            """
            select h.tenant_id, l.log_id, h.size, h.root, h.moved_at, h.pruned_to
            from audit.heads h join audit.logs l on l.tenant_id = h.tenant_id left join audit.rolled_up r on r.tenant_id = h.tenant_id
            where h.tenant_id <> all($1) and h.size is distinct from r.size
            order by r.rolled_at nulls first, h.tenant_id limit $2
            """,
            [await RollUpTenantsAsync(session, cancellationToken), most],
            row => new LogHead(row.GetGuid(0), row.GetGuid(1), row.GetInt64(2), Digest.From(row.GetFieldValue<byte[]>(3)), row.GetFieldValue<DateTimeOffset>(4), row.GetInt64(5)),
            cancellationToken);

    private static async Task<Guid[]> RollUpTenantsAsync(PlatformSession session, CancellationToken cancellationToken) =>
        [RollUpLog.Tenant.Value, .. await session.ListAsync("select number from audit.roll_up_restarts", [], row => RollUpLog.TenantOf(row.GetInt32(0)).Value, cancellationToken)];

    public static Task KeepAsync(PlatformSession session, IReadOnlyList<RolledUp> rolled, CancellationToken cancellationToken) =>
        session.ExecuteAsync(
            """
            insert into audit.rolled_up as r (tenant_id, size, root, salt, entry_id, rolled_at)
            select *, $6::timestamptz from unnest($1::uuid[], $2::bigint[], $3::bytea[], $4::bytea[], $5::uuid[])
            on conflict (tenant_id) do update set size = excluded.size, root = excluded.root, salt = excluded.salt, entry_id = excluded.entry_id, rolled_at = excluded.rolled_at
            where r.size <= excluded.size
            """,
            [
                rolled.Select(each => each.Tenant).ToArray(), rolled.Select(each => each.Size).ToArray(), rolled.Select(each => each.Root.ToArray()).ToArray(),
                rolled.Select(each => each.Salt).ToArray(), rolled.Select(each => each.Entry).ToArray(), session.Now,
            ],
            cancellationToken);

    private static RolledUp Read(NpgsqlDataReader row) =>
        new(row.GetGuid(0), row.GetInt64(1), Digest.From(row.GetFieldValue<byte[]>(2)), row.GetFieldValue<byte[]>(3), row.GetGuid(4));
}
