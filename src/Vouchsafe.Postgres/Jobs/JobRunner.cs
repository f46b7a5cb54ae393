using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Vouchsafe.Postgres.Errors;
using Vouchsafe.Postgres.Sessions;

namespace Vouchsafe.Postgres.Jobs;

/// <summary>Runs every job on its interval, once across all nodes.</summary>
public sealed partial class JobRunner
{
    // Long against the clocks' differences and a pause of the runtime, short against the wait after a crash.
    private static readonly TimeSpan LeaseLength = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ExtendEvery = LeaseLength / 4;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly IReadOnlyList<IJob> _jobs;
    private readonly IDatabase _database;
    private readonly TimeProvider _time;
    private readonly ILogger<JobRunner> _log;
    private readonly JobLease _lease;

    /// <exception cref="InvalidOperationException">Two jobs have one name, or one has no interval.</exception>
    public JobRunner(IEnumerable<IJob> jobs, IDatabase database, TimeProvider time, ILogger<JobRunner>? log = null)
    {
        _jobs = [.. jobs];
        if (_jobs.GroupBy(job => job.Name, StringComparer.Ordinal).FirstOrDefault(named => named.Count() > 1) is { } twice)
            throw new InvalidOperationException($"Two jobs have the name {twice.Key}.");
        if (_jobs.FirstOrDefault(job => job.Every <= TimeSpan.Zero) is { } never)
            throw new InvalidOperationException($"The job {never.Name} has no interval.");
        (_database, _time, _log) = (database, time, log ?? NullLogger<JobRunner>.Instance);
        _lease = new JobLease(database, Guid.CreateVersion7(time.GetUtcNow()), LeaseLength);
    }

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var running = _jobs.Select(job => KeepAsync(job, stop));
        await Task.WhenAll(running);
    }

    /// <summary>Runs a job once if it is due and nobody else does. For a test, and for a command on demand.</summary>
    /// <returns>True where it ran here.</returns>
    public async Task<bool> RunOnceAsync(IJob job, CancellationToken cancellationToken)
    {
        if (!await _lease.TryTakeAsync(job, _time.GetUtcNow(), cancellationToken))
            return false;
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var ended = new CancellationTokenSource();
        var context = ContextOf(job);
        var extending = ExtendAsync(job, lost, ended.Token);
        string? error = null;
        try
        {
            await job.RunAsync(context, lost.Token);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Cut off by the shutdown: due at once, for another node or the next start.
            await ended.CancelAsync();
            await extending;
            await _lease.ReleaseAsync(job, context.StartedAt, null, CancellationToken.None);
            throw;
        }
        catch (Exception failure)
        {
            error = failure.GetType().Name;
            JobFailed(job.Name, error);
        }

        await ended.CancelAsync();
        await extending;
        await _lease.ReleaseAsync(job, context.StartedAt + job.Every, error, cancellationToken);
        return true;
    }

    /// <summary>What a run of the job that begins now has at hand.</summary>
    internal JobContext ContextOf(IJob job) => new(_database, job.Name, _time.GetUtcNow());

    private async Task KeepAsync(IJob job, CancellationToken stop)
    {
        // Nodes that start together don't ask in step.
        var look = job.Every < LookEvery ? job.Every : LookEvery;
        try
        {
            while (true)
            {
                try
                {
                    await RunOnceAsync(job, stop);
                }
                catch (DatabaseException unreachable)
                {
                    JobFailed(job.Name, unreachable.GetType().Name);
                }

                await Task.Delay(look * (0.75 + RandomNumberGenerator.GetInt32(500) / 1000.0), _time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The shutdown.
        }
    }

    private async Task ExtendAsync(IJob job, CancellationTokenSource lost, CancellationToken ended)
    {
        try
        {
            while (true)
            {
                await Task.Delay(ExtendEvery, _time, ended);
                if (await _lease.ExtendAsync(job, ended))
                    continue;
                LeaseLost(job.Name);
                await lost.CancelAsync();
                return;
            }
        }
        catch (OperationCanceledException)
        {
            // The run ended.
        }
        catch (DatabaseException)
        {
            // Not extended is as good as lost: another node may begin when the lease ends.
            LeaseLost(job.Name);
            await lost.CancelAsync();
        }
    }

    [LoggerMessage(1001, LogLevel.Error, "Job {Job} failed: {Error}")]
    private partial void JobFailed(string job, string error);

    [LoggerMessage(1002, LogLevel.Warning, "Job {Job} lost its lease and was stopped")]
    private partial void LeaseLost(string job);
}
