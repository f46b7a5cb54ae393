using System.Diagnostics;
using System.Globalization;

namespace Vouchsafe.Bench.Measuring;

/// <summary>What both sides of a connection have used of the processors: this process, and the server with its backends.</summary>
internal static class ProcessorTime
{
    // USER_HZ, which Linux has fixed at 100 for what /proc shows.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    /// <param name="server">The process id of the postmaster.</param>
    internal static TimeSpan Of(int server)
    {
        var ticks = 0L;
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _)))
            if (Stat(folder) is { } stat && (stat.Id == server || stat.Parent == server))
                ticks += stat.Ticks;
        return Process.GetCurrentProcess().TotalProcessorTime + ticks * Tick;
    }

    private static (int Id, int Parent, long Ticks)? Stat(string folder)
    {
        try
        {
            // After the name, which may hold anything: state, parent, …, user and system time as the 14th and 15th field of the line.
            var line = File.ReadAllText(Path.Combine(folder, "stat"));
            var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
            long Number(int at) => long.Parse(fields[at], CultureInfo.InvariantCulture);
            return (int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture), (int)Number(1), Number(11) + Number(12));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
