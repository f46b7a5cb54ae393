using Microsoft.Extensions.Hosting;
using Vouchsafe.Postgres.Jobs;

namespace Vouchsafe.Jobs;

/// <summary>Runs the jobs for as long as the application serves: a job may look at the application from outside.</summary>
internal sealed class Jobs(JobRunner runner, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var serving = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var started = lifetime.ApplicationStarted.Register(() => serving.TrySetResult());
        await serving.Task.WaitAsync(stoppingToken);
        await runner.RunAsync(stoppingToken);
    }
}
