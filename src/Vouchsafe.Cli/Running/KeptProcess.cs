using System.Diagnostics;

namespace Vouchsafe.Cli.Running;

/// <summary>A process whose parent is a thread that lives as long as it does.</summary>
/// <remarks>
/// What ends with its parent (prctl(2), PR_SET_PDEATHSIG) ends with the thread that started it, not with the process; and the pool's threads come and go. Started from one of those, the application was
/// told to stop after a minute.
/// </remarks>
internal static class KeptProcess
{
    public static Process Start(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => Keep(start, started)) { IsBackground = true, Name = start.FileName }.Start();
        return started.Task.GetAwaiter().GetResult();
    }

    private static void Keep(ProcessStartInfo start, TaskCompletionSource<Process> started)
    {
        try
        {
            var process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} could not be started.");
            // A handle of its own: the caller may dispose the other at any time.
            using var kept = Process.GetProcessById(process.Id);
            started.SetResult(process);
            kept.WaitForExit();
        }
        catch (Exception failure)
        {
            // It ended before it could be watched, or never began.
            started.TrySetException(failure);
        }
    }
}
