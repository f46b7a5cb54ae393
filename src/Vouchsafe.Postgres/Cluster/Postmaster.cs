using System.Diagnostics;

namespace Vouchsafe.Postgres.Cluster;

/// <summary>The running server process.</summary>
internal sealed class Postmaster
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(4);

    private readonly TaskCompletionSource<int> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _dataDirectory;
    private readonly TimeProvider _time;

    private Postmaster(string dataDirectory, TimeProvider time) => (_dataDirectory, _time) = (dataDirectory, time);

    /// <summary>Completes when the process has ended, for whatever reason.</summary>
    internal Task Ended => _ended.Task;

    internal static async Task<Postmaster> StartAsync(string[] command, string dataDirectory, string log, TimeProvider time, CancellationToken cancellationToken)
    {
        var postmaster = new Postmaster(dataDirectory, time);
        // The kernel signals the server when the *thread* that forked it ends: so the thread lives as long as the server.
        new Thread(() => postmaster.Watch(command, log)) { IsBackground = true, Name = "postmaster" }.Start();
        await postmaster._started.Task;

        var since = time.GetTimestamp();
        while (!postmaster.IsReady())
        {
            if (postmaster.Ended.IsCompleted || time.GetElapsedTime(since) > StartPatience)
            {
                await postmaster.StopAsync();
                throw new ClusterException(ClusterProblem.ServerFailed, $"PostgreSQL did not start: {LastLine(log)} (log: {log})");
            }

            await Task.Delay(Pause, time, cancellationToken);
        }

        return postmaster;
    }

    /// <summary>Fast shutdown; immediate where that takes too long (the next start then recovers from the log).</summary>
    internal async Task StopAsync()
    {
        foreach (var signal in new[] { Orphans.Interrupt, Orphans.Quit, Orphans.Kill })
        {
            if (Ended.IsCompleted)
                return;
            Orphans.Signal(Orphans.PostmasterOf(_dataDirectory) ?? await _started.Task, signal);
            await Task.WhenAny(Ended, Task.Delay(StopPatience, _time));
        }
    }

    private void Watch(string[] command, string log)
    {
        try
        {
            // The shell opens the log with the caller's rights and is then replaced by the server.
            using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "umask 077; log=$1; shift; touch \"$log\"; chmod 600 \"$log\"; exec \"$@\" >>\"$log\" 2>&1 </dev/null", "sh", log, .. command])
            {
                WorkingDirectory = "/",
            })!;
            _started.SetResult(process.Id);
            process.WaitForExit();
        }
        catch (Exception failure)
        {
            _started.TrySetException(failure);
        }
        finally
        {
            _ended.TrySetResult();
        }
    }

    // The eighth line of postmaster.pid is the server's own word on its state.
    private bool IsReady()
    {
        try
        {
            return File.ReadAllLines(Path.Combine(_dataDirectory, "postmaster.pid")) is { Length: >= 8 } lines && lines[7].Trim() == "ready";
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static string LastLine(string log) =>
        File.Exists(log) ? File.ReadLines(log).LastOrDefault(line => line.Contains("FATAL", StringComparison.Ordinal)) ?? "see the log" : "see the log";
}
