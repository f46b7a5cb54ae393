using Vouchsafe.Postgres.Jobs;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Identity.Attempts;

/// <summary>Forgets attempts that are paid back, and links a month after they ran out: an address that never became an account isn't kept.</summary>
internal sealed class SweepJob(AttemptStore attempts, IDatabase database, TimeProvider time) : IJob
{
    private static readonly TimeSpan LinksKept = TimeSpan.FromDays(30);

    public string Name => "identity.sweep";

    public TimeSpan Every => TimeSpan.FromHours(1);

    public async Task RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        await attempts.SweepAsync(cancellationToken);
        await using var session = database.Platform(Actor.System("identity.sweep"));
        await session.ExecuteAsync("delete from identity.links where expires_at < $1", [time.GetUtcNow() - LinksKept], cancellationToken);
    }
}
