using Vouchsafe.Audit.Trail;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Tenants.Directory;
using Vouchsafe.Tenants.SigningUp;

namespace Vouchsafe.Tenants.Subscription;

/// <summary>Subscribing and cancelling.</summary>
public sealed class Subscriptions
{
    private readonly IDatabase database;
    private readonly TenantStore tenants;
    private readonly TrialOptions options;
    private readonly TimeProvider time;

    internal Subscriptions(IDatabase database, TenantStore tenants, TrialOptions options, TimeProvider time) =>
        (this.database, this.tenants, this.options, this.time) = (database, tenants, options, time);

    /// <summary>How the tenant's subscription stands, and the dates that follow from it.</summary>
    public async Task<SubscriptionState> StateAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var row = await tenants.RequiredAsync(tenant, cancellationToken);
        return new SubscriptionState(row.StandingAt(time.GetUtcNow()), row.TrialEndsAt, row.SubscribedAt, row.CancelledAt, row.ReturnUntil, row.GoneBy);
    }

    /// <summary>Cancels, for whoever has proved the password.</summary>
    public Task EndAsync(TenantScope scope, CancellationToken cancellationToken) => CancelAsync(scope, cancellationToken);

    /// <summary>Ends the trial's limit: the operator has a contract with the tenant.</summary>
    internal async Task SubscribeAsync(TenantId tenant, Actor actor, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(actor);
        await session.BeginAsync(cancellationToken);
        var started = await session.ExecuteAsync("update tenants.tenants set subscribed_at = $2 where tenant_id = $1 and subscribed_at is null and cancelled_at is null",
            [tenant.Value, time.GetUtcNow()], cancellationToken);
        // Two logins can't share a transaction: the entry commits first, so that nothing happens unrecorded, and under the row's lock, so that it is one.
        if (started == 1)
        {
            await using var trail = database.Tenant(new TenantScope(tenant, actor, OwnerReach.All, null));
            await trail.RecordAsync(new AuditEvent("subscription.started"), cancellationToken);
        }
        await session.CommitAsync(cancellationToken);
        tenants.Forget(tenant);
    }

    /// <summary>Cancels, and starts the clock by which data is returned or deleted. A second call finds it running and changes nothing.</summary>
    internal async Task<TenantRow> CancelAsync(TenantScope scope, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var returnUntil = now + options.ExportFor;
        var goneBy = returnUntil + options.BackupsWithin;
        await using (var session = database.Tenant(scope with { ReadOnly = false }))
        {
            await session.BeginAsync(cancellationToken);
            var first = await session.SingleOrDefaultAsync("select tenants.cancel($1, $2, $3, $4)",
                [scope.Tenant.Value, now, returnUntil, goneBy], row => row.GetBoolean(0), cancellationToken);
            if (first)
                await session.RecordAsync(new AuditEvent("subscription.cancelled",
                    new AuditField("return-until", returnUntil.ToString("O")), new AuditField("gone-by", goneBy.ToString("O"))), cancellationToken);
            await session.CommitAsync(cancellationToken);
        }
        tenants.Forget(scope.Tenant);
        return await tenants.RequiredAsync(scope.Tenant, cancellationToken);
    }
}
