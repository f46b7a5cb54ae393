using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Vouchsafe.Audit.Sequencing;

/// <summary>Runs rounds: at once when an entry was committed on this node, at most one each pace, and now and then unasked.</summary>
internal sealed partial class SequencerService(
    Sequencer sequencer, SequencerSignal signal, SequencerPulse pulse, SequencerOptions options, TimeProvider time, ILogger<SequencerService> logger) : BackgroundService
{
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        pulse.Beat();
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        pulse.Stop();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var reconsidered = time.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunUntilIdleAsync(stoppingToken);
                await signal.WaitAsync(options.Idle, stoppingToken);
                if (time.GetElapsedTime(reconsidered) > options.Reconsider)
                {
                    reconsidered = time.GetTimestamp();
                    sequencer.Reconsider();
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem)
            {
                // Entries are safe in pending; the next round takes them.
                LogRoundFailed(problem);
                await Task.Delay(options.Idle, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task RunUntilIdleAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var began = time.GetTimestamp();
            var count = await sequencer.RunRoundAsync(cancellationToken, hurried: true);
            if (sequencer.Damaged.Count > 0)
                LogDamaged(sequencer.Damaged.Count);
            // A round that another node does is one as well.
            pulse.Beat();
            if (count == 0)
                return;
            // Where rounds are slow, because the machine is busy, it rests half as long as it worked: the writers need the time too.
            var took = time.GetElapsedTime(began);
            var rest = options.Pace - took;
            await Task.Delay(rest > took / 2 ? rest : took / 2, time, cancellationToken);
        }
    }

    [LoggerMessage(1001, LogLevel.Error, "A round of the sequencer failed; the entries wait for the next one.")]
    private partial void LogRoundFailed(Exception problem);

    [LoggerMessage(1002, LogLevel.Critical, "{Count} logs can't move: their parts contradict each other, or their key can't be had. Their new entries wait. The check audit.immutable says which.")]
    private partial void LogDamaged(int count);
}
