using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Vouchsafe.Mail.Outbox;

/// <summary>Sends for as long as the application serves: at once what was committed here, soon what is due again or was left by another node.</summary>
/// <remarks>Not a job: a job runs on one node at a time and on its interval, while messages are claimed one by one and wanted at once.</remarks>
internal sealed partial class MailDeliveryService(
    MailDelivery delivery, MailSignal signal, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<MailDeliveryService> log) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var serving = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var started = lifetime.ApplicationStarted.Register(() => serving.TrySetResult());
        await serving.Task.WaitAsync(stoppingToken);
        while (true)
        {
            try
            {
                while (await delivery.RunRoundAsync(stoppingToken) > 0)
                {
                }
            }
            catch (Exception failure) when (failure is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                // The database is away, or one message was too much: the others shall not wait for a restart.
                Failed(failure.GetType().Name);
            }

            await signal.WaitAsync(LookEvery, time, stoppingToken);
        }
    }

    [LoggerMessage(1405, LogLevel.Error, "Sending queued mail failed: {Error}. It is tried again")]
    private partial void Failed(string error);
}
