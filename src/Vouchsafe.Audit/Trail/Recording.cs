using Vouchsafe.Postgres.Sessions;

namespace Vouchsafe.Audit.Trail;

public static class Recording
{
    /// <summary>Records the event in the session's transaction; where none is open, in one of its own.</summary>
    public static Task RecordAsync(this TenantSession session, AuditEvent what, CancellationToken cancellationToken) =>
        throw new NotImplementedException();
}
