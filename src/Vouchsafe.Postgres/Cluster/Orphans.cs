using System.Globalization;
using System.Runtime.InteropServices;

namespace Vouchsafe.Postgres.Cluster;

/// <summary>Server processes that a killed predecessor left behind in a data directory.</summary>
/// <remarks>Found by their working directory, which the server sets to its data directory: a process id in a stale file may belong to anybody by now.</remarks>
internal static class Orphans
{
    internal const int Interrupt = 2, Quit = 3, Kill = 9;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    internal static async Task EndAsync(string dataDirectory, TimeProvider time, CancellationToken cancellationToken)
    {
        var processes = In(dataDirectory);
        var postmaster = PostmasterOf(dataDirectory);
        if (postmaster is { } alive && processes.Contains(alive))
            await EndAsync(dataDirectory, [alive], Interrupt, time, cancellationToken);

        // Without a postmaster its children only hold the shared memory that the next start needs.
        await EndAsync(dataDirectory, In(dataDirectory), Kill, time, cancellationToken);
        File.Delete(Path.Combine(dataDirectory, "postmaster.pid"));
    }

    internal static int? PostmasterOf(string dataDirectory)
    {
        try
        {
            var lines = File.ReadAllLines(Path.Combine(dataDirectory, "postmaster.pid"));
            return lines.Length > 0 && int.TryParse(lines[0], NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    internal static void Signal(int process, int signal) => _ = NativeKill(process, signal);

    private static async Task EndAsync(string dataDirectory, HashSet<int> processes, int signal, TimeProvider time, CancellationToken cancellationToken)
    {
        foreach (var process in processes)
            Signal(process, signal);

        var started = time.GetTimestamp();
        while (In(dataDirectory).Overlaps(processes) && time.GetElapsedTime(started) < Patience)
            await Task.Delay(Pause, time, cancellationToken);
    }

    private static HashSet<int> In(string dataDirectory)
    {
        HashSet<int> found = [];
        if (!Directory.Exists("/proc"))
            return found;
        foreach (var entry in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(entry), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && WorksIn(entry, dataDirectory))
                found.Add(pid);
        return found;
    }

    private static bool WorksIn(string process, string dataDirectory)
    {
        try
        {
            return new FileInfo(Path.Combine(process, "cwd")).LinkTarget == dataDirectory
                && File.ReadAllText(Path.Combine(process, "comm")).Trim() == "postgres";
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int NativeKill(int process, int signal);
}
