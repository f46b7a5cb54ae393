using Vouchsafe.Postgres.Jobs;

namespace Vouchsafe.Mail.Outbox;

/// <summary>Forgets the outcomes of messages after a while.</summary>
internal sealed class PurgeJob(OutboxQueue queue, MailOptions options) : IJob
{
    public string Name => "mail.purge";

    public TimeSpan Every => TimeSpan.FromHours(1);

    public Task RunAsync(JobContext context, CancellationToken cancellationToken) =>
        queue.PurgeAsync(context.StartedAt - options.KeepOutcomesFor, cancellationToken);
}
