using Vouchsafe.Postgres.Sessions;

namespace Vouchsafe.Audit.Logs;

/// <summary>Finds the index of an entry in its tenant's log.</summary>
internal static class EntryIndex
{
    public static async Task<long?> FindAsync(TenantSession session, Guid entry, CancellationToken cancellationToken)
    {
        var id = new byte[16];
        entry.TryWriteBytes(id, bigEndian: true, out _);
        return await session.SingleOrDefaultAsync(
            "select audit.index_of($1, $2)",
            [session.Scope.Tenant.Value, id],
            row => row.IsDBNull(0) ? (long?)null : row.GetInt64(0),
            cancellationToken);
    }
}
