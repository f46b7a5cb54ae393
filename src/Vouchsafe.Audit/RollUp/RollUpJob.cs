using Vouchsafe.Audit.Trail;
using Vouchsafe.Postgres.Jobs;

namespace Vouchsafe.Audit.RollUp;

/// <summary>Rolls up what moved, and has it cosigned.</summary>
internal sealed class RollUpJob(RollUpWriter writer, TrailReader trail, Witnessing witnessing, Logs.CheckpointRotation rotation, AuditOptions options) : IJob
{
    public string Name => RollUpLog.Job;

    public TimeSpan Every => options.RollUpEvery;

    public async Task RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        await rotation.CompleteAsync(null, cancellationToken);
        var rolled = 0;
        for (int some; (some = await writer.RollAsync(cancellationToken)) > 0; rolled += some) cancellationToken.ThrowIfCancellationRequested();
        if (rolled > 0) await trail.SequenceAsync(cancellationToken);
        await witnessing.GatherAsync(cancellationToken);
    }
}
