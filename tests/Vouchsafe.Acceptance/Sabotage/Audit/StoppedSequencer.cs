using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Vouchsafe.Audit.Sequencing;
using Vouchsafe.Testing.Sabotage;

namespace Vouchsafe.Acceptance.Sabotage.Audit;

/// <summary>Nobody gives indexes in the background any more; what the checks record gets them all the same, by the checks themselves.</summary>
internal sealed class StoppedSequencer : ISabotage
{
    public string Control => "audit.immutable";

    public string Name => "stop the background sequencer";

    public string ExpectedMessageFragment => "he background sequencer of this node doesn't run";

    public async Task<string?> BreakAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        foreach (var node in context.Nodes)
            await Service(node).StopAsync(cancellationToken);
        return "the sequencers of all nodes ended";
    }

    public async Task MendAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        foreach (var node in context.Nodes)
        {
            await Service(node).StartAsync(cancellationToken);
            // Until its first round it is as good as stopped.
            var (pulse, time) = (node.GetRequiredService<SequencerPulse>(), node.GetRequiredService<TimeProvider>());
            while (pulse.Since(time.GetUtcNow()) == TimeSpan.MaxValue)
                await Task.Delay(10, cancellationToken);
        }
    }

    private static SequencerService Service(IServiceProvider node) => node.GetServices<IHostedService>().OfType<SequencerService>().Single();
}
