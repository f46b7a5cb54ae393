using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Audit.Trail;

/// <summary>Counts the entries committed to each tenant's trail within one flow of work: a request, a job.</summary>
/// <remarks>Whoever must know whether something left an entry opens one around it; committed entries alone count.</remarks>
public sealed class RecordingTally
{
    private static readonly AsyncLocal<RecordingTally?> Flow = new();

    private readonly Lock _guard = new();
    private readonly Dictionary<TenantId, int> _counts = [];

    internal static RecordingTally? Current => Flow.Value;

    /// <summary>Opens a tally for what the caller awaits from here on.</summary>
    public static RecordingTally Open() => Flow.Value = new RecordingTally();

    public int Of(TenantId tenant)
    {
        lock (_guard)
            return _counts.GetValueOrDefault(tenant);
    }

    internal void Committed(TenantId tenant, int entries)
    {
        lock (_guard)
            _counts[tenant] = _counts.GetValueOrDefault(tenant) + entries;
    }
}
