using Vouchsafe.Postgres.Jobs;

namespace Vouchsafe.Assurance.Running;

/// <summary>Runs every check on its interval, once across all nodes.</summary>
internal sealed class CheckRound(CheckRunner runner, AssuranceOptions options) : IJob
{
    public string Name => "assurance.checks";

    public TimeSpan Every => options.Every;

    public async Task RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        foreach (var control in runner.Controls)
            await runner.RunAsync(control, cancellationToken);
    }
}
