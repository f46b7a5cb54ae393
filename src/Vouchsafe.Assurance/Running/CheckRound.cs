using Vouchsafe.Assurance.Drills;
using Vouchsafe.Assurance.Postures;
using Vouchsafe.Postgres.Jobs;

namespace Vouchsafe.Assurance.Running;

/// <summary>Runs every check on its interval, once across all nodes, and the drills that are due.</summary>
internal sealed class CheckRound(CheckRunner runner, DrillRunner drills, PostureAdoption posture, AssuranceOptions options) : IJob
{
    public string Name => "assurance.checks";

    public TimeSpan Every => options.Every;

    public async Task RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        await posture.EnsureAsync(cancellationToken);
        foreach (var control in runner.Controls.Where(control => control != AssuranceOptions.Control))
            await runner.RunAsync(control, cancellationToken);
        // The schedule is judged last, by the round that it made.
        await drills.RunDueAsync(cancellationToken);
        foreach (var control in runner.Controls.Where(control => control == AssuranceOptions.Control))
            await runner.RunAsync(control, cancellationToken);
    }
}
