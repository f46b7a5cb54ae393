using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Vouchsafe.Audit.Receipts;

/// <summary>Reconciles every few seconds, so that a delay is seen when it happens and receipts don't pile up.</summary>
internal sealed partial class ReceiptService(Reconciler reconciler, TimeProvider time, ILogger<ReceiptService> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Every, time, stoppingToken);
                var node = await reconciler.RunAsync(thorough: false, stoppingToken);
                if (node.Late > 0 || node.Altered > 0)
                    Missing(node.Late, node.Altered);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem)
            {
                // Receipts stay; the next round looks again.
                Failed(problem);
            }
        }
    }

    [LoggerMessage(3201, LogLevel.Critical, "{Late} committed appends are not in their logs, {Altered} stand there with other content than was recorded.")]
    private partial void Missing(int late, int altered);

    [LoggerMessage(3202, LogLevel.Warning, "Committed entries could not be looked for in their logs.")]
    private partial void Failed(Exception problem);
}
