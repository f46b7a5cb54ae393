using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Postgres.Jobs;

/// <summary>Work that recurs, done once across all nodes.</summary>
public interface IJob
{
    /// <summary>A constant, unique among the jobs; the lease's name.</summary>
    string Name { get; }

    /// <summary>From one start to the next.</summary>
    TimeSpan Every { get; }

    /// <remarks>May be cut off at any point and begun again, on this node or another: it does what is left to do.</remarks>
    Task RunAsync(JobContext context, CancellationToken cancellationToken);
}

/// <summary>What a run of a job has at hand. There is no ambient tenant: each is named.</summary>
public sealed class JobContext
{
    private readonly IDatabase _database;
    private readonly Actor _actor;

    internal JobContext(IDatabase database, string job, DateTimeOffset startedAt) =>
        (_database, _actor, StartedAt) = (database, Actor.System(job), startedAt);

    public DateTimeOffset StartedAt { get; }

    /// <summary>All rows of one tenant, on the job's behalf.</summary>
    /// <exception cref="ArgumentException">No tenant was named.</exception>
    public TenantSession Tenant(TenantId tenant) => _database.Tenant(new TenantScope(tenant, _actor, OwnerReach.All, null));

    public PlatformSession Platform() => _database.Platform(_actor);
}
