using Vouchsafe.Postgres.Sessions;

namespace Vouchsafe.Postgres.Jobs;

/// <summary>The one row of a job: whoever holds it runs, and if that node dies the lease runs out.</summary>
/// <remarks>Times are the application clock's, which all nodes share; a lease is long enough that clocks some seconds apart don't matter.</remarks>
internal sealed class JobLease(IDatabase database, Guid node, TimeSpan length)
{
    private static readonly Tenancy.Actor Actor = Tenancy.Actor.System("jobs");

    /// <summary>True where the job is due and nobody else runs it: it is then this node's until the lease ends.</summary>
    internal async Task<bool> TryTakeAsync(IJob job, DateTimeOffset firstDue, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Actor);
        return await session.ExecuteAsync(
            """
            insert into vouchsafe.job_leases as l (job, holder, held_until, due_at) values ($1, $2, $3, $4)
            on conflict (job) do update set holder = excluded.holder, held_until = excluded.held_until
            where l.due_at <= $5 and (l.holder is null or l.held_until <= $5)
            """, [job.Name, node, session.Now + length, firstDue, session.Now], cancellationToken) == 1;
    }

    /// <summary>Puts the end off. False: the lease ran out and another node may have it; the run must stop.</summary>
    internal async Task<bool> ExtendAsync(IJob job, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Actor);
        return await session.ExecuteAsync("update vouchsafe.job_leases set held_until = $3 where job = $1 and holder = $2 and held_until > $4",
            [job.Name, node, session.Now + length, session.Now], cancellationToken) == 1;
    }

    /// <param name="error">The type of what was thrown, or null. Never its message, which may carry values.</param>
    internal async Task ReleaseAsync(IJob job, DateTimeOffset due, string? error, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Actor);
        await session.ExecuteAsync(
            """
            update vouchsafe.job_leases set holder = null, held_until = null, due_at = $3, finished_at = $4, last_error = $5,
                failures = case when $5::text is null then 0 else failures + 1 end
            where job = $1 and holder = $2
            """, [job.Name, node, due, session.Now, error], cancellationToken);
    }
}
