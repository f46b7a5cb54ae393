using Npgsql;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Postgres.Sessions;

namespace Vouchsafe.Audit.Logs;

internal static class LogHeads
{
    private const string Select =
        "select h.tenant_id, l.log_id, h.size, h.root, h.moved_at, h.pruned_to from audit.heads h join audit.logs l on l.tenant_id = h.tenant_id";

    public static async Task<Dictionary<Guid, LogHead>> ReadAsync(PlatformSession session, Guid[] tenants, CancellationToken cancellationToken) =>
        (await session.ListAsync(Select + " where h.tenant_id = any($1)", [tenants], Read, cancellationToken)).ToDictionary(head => head.Tenant);

    public static IAsyncEnumerable<LogHead> AllAsync(PlatformSession session, CancellationToken cancellationToken) =>
        session.StreamAsync(Select + " order by h.tenant_id", [], Read, cancellationToken);

    /// <summary>Those that moved last, newest first.</summary>
    public static Task<List<LogHead>> NewestAsync(PlatformSession session, int limit, CancellationToken cancellationToken) =>
        session.ListAsync(Select + " order by h.moved_at desc, h.tenant_id limit $1", [limit], Read, cancellationToken);

    private static LogHead Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), row.GetInt64(2), Digest.From(row.GetFieldValue<byte[]>(3)), row.GetFieldValue<DateTimeOffset>(4), row.GetInt64(5));
}
