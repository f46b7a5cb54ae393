using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Accounts;
using Vouchsafe.Hosting.Requests;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Tenants.SigningUp;

namespace Vouchsafe.Tenants.Directory;

/// <summary>Reads the directory of tenants.</summary>
internal sealed class TenantStore(IDatabase database, TimeProvider time) : ITenantDirectory, ITenantStanding
{
    /// <summary>For how long a node goes by what it read of a tenant.</summary>
    public static readonly TimeSpan TrustedFor = TimeSpan.FromSeconds(1);

    private static readonly Actor Tenants = Actor.System("tenants");

    /// <summary>A tenant's dates are arithmetic; what can change meanwhile is a subscription or a cancellation.</summary>
    private readonly BriefMemory<TenantId, TenantRow?> memory = new(time, TrustedFor);

    public async Task<TenantId?> FindAsync(string code, CancellationToken cancellationToken)
    {
        if (code.Length <= 64 && code.Trim().Equals(TenantCode.Platform, StringComparison.OrdinalIgnoreCase)) return TenantId.System;
        if (TenantCode.Parse(code) is not { } parsed) return null;
        await using var session = database.Platform(Tenants);
        var id = await session.SingleOrDefaultAsync("select tenant_id from tenants.tenants where code = $1", [parsed], row => (Guid?)row.GetGuid(0), cancellationToken);
        return id is { } found ? new TenantId(found) : null;
    }

    public async Task<IReadOnlyDictionary<TenantId, TenantName>> NamesAsync(IReadOnlyCollection<TenantId> tenants, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Tenants);
        var names = (await session.ListAsync("select tenant_id, code, legal_name from tenants.tenants where tenant_id = any ($1)",
            [tenants.Select(tenant => tenant.Value).ToArray()],
            row => (Tenant: new TenantId(row.GetGuid(0)), Name: new TenantName(row.GetString(1), row.GetString(2))), cancellationToken))
            .ToDictionary(row => row.Tenant, row => row.Name);
        if (tenants.Contains(TenantId.System)) names[TenantId.System] = new TenantName(TenantCode.Platform, TenantCode.Platform);
        return names;
    }

    public async ValueTask<Standing> OfAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        if (!memory.TryGet(tenant, out var row))
        {
            row = await FindAsync(tenant, cancellationToken);
            memory.Set(tenant, row);
        }
        return row?.StandingAt(time.GetUtcNow()) ?? Standing.Unknown;
    }

    public async Task<TenantRow?> FindAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Tenants);
        return await session.SingleOrDefaultAsync(
            """
            select code, legal_name, registration_number, address, country, started_at, trial_ends_at, subscribed_at, cancelled_at, return_until, gone_by
            from tenants.tenants where tenant_id = $1
            """,
            [tenant.Value],
            row => new TenantRow(tenant, row.GetString(0), new Company(row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4)),
                row.GetFieldValue<DateTimeOffset>(5), row.GetFieldValue<DateTimeOffset>(6), Moment(row, 7), Moment(row, 8), Moment(row, 9), Moment(row, 10)),
            cancellationToken);
    }

    public async Task<TenantRow> RequiredAsync(TenantId tenant, CancellationToken cancellationToken) =>
        await FindAsync(tenant, cancellationToken) ?? throw new InvalidOperationException("There is no such tenant.");

    public void Forget(TenantId tenant) => memory.Forget(tenant);

    private static DateTimeOffset? Moment(Npgsql.NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}

/// <summary>A tenant as the directory has it.</summary>
internal sealed record TenantRow(
    TenantId Tenant, string Code, Company Company, DateTimeOffset StartedAt, DateTimeOffset TrialEndsAt,
    DateTimeOffset? SubscribedAt, DateTimeOffset? CancelledAt, DateTimeOffset? ReturnUntil, DateTimeOffset? GoneBy)
{
    public Standing StandingAt(DateTimeOffset now) => this switch
    {
        { CancelledAt: not null } => Standing.Cancelled,
        { SubscribedAt: not null } => Standing.Active,
        _ => now < TrialEndsAt ? Standing.Active : Standing.TrialEnded,
    };
}
