using Npgsql;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Postgres.Sessions;

namespace Vouchsafe.Audit.Logs;

internal static class LogHeads
{
    private const string Select =
        "select h.tenant_id, l.log_id, h.size, h.root, h.moved_at, h.pruned_to from audit.heads h join audit.logs l on l.tenant_id = h.tenant_id";

    /// <summary>Opens logs: each has its row, as something to lock, before its first entry.</summary>
    public static Task OpenAsync(PlatformSession session, Guid[] tenants, Guid[] logs, CancellationToken cancellationToken) => session.ExecuteAsync(
        "insert into audit.logs (tenant_id, log_id) select * from unnest($1::uuid[], $2::uuid[]) on conflict do nothing", [tenants, logs], cancellationToken);

    /// <summary>Opens logs that have no entries and locks them until the transaction ends.</summary>
    /// <returns>Those that are locked and still have none.</returns>
    public static async Task<HashSet<Guid>> OpenLockedAsync(PlatformSession session, Guid[] tenants, Guid[] logs, CancellationToken cancellationToken)
    {
        await OpenAsync(session, tenants, logs, cancellationToken);
        var held = await session.ListAsync("select tenant_id from audit.logs where tenant_id = any($1) for update skip locked", [tenants], row => row.GetGuid(0), cancellationToken);
        var moved = await session.ListAsync("select tenant_id from audit.heads where tenant_id = any($1)", [tenants], row => row.GetGuid(0), cancellationToken);
        return [.. held.Except(moved)];
    }

    public static IAsyncEnumerable<LogHead> AllAsync(PlatformSession session, CancellationToken cancellationToken) =>
        session.StreamAsync(Select + " order by h.tenant_id", [], Read, cancellationToken);

    /// <summary>Those that moved last, newest first.</summary>
    public static Task<List<LogHead>> NewestAsync(PlatformSession session, int limit, CancellationToken cancellationToken) =>
        session.ListAsync(Select + " order by h.moved_at desc, h.tenant_id limit $1", [limit], Read, cancellationToken);

    private static LogHead Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), row.GetInt64(2), Digest.From(row.GetFieldValue<byte[]>(3)), row.GetFieldValue<DateTimeOffset>(4), row.GetInt64(5));
}
