using System.Diagnostics;
using System.Text.Json;

namespace Vouchsafe.Bench.Measuring;

/// <summary>Two subjects in turns, so that what else the machine does meets both; medians, and the spread of the rounds' ratios.</summary>
internal static class Rounds
{
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(8);

    /// <param name="what">The figure's name in the report.</param>
    /// <param name="ours">One round; its figure.</param>
    internal static async Task CompareAsync(string name, string what, string peer, string unit, string target, int count, Func<Task<double>> ours, Func<Task<double>> theirs)
    {
        await WarmAsync(ours);
        await WarmAsync(theirs);
        var rounds = new List<(double Ours, double Theirs)>();
        for (var round = 0; round < count; round++)
        {
            // Who goes first changes: the second of a pair has the warmer machine, and the first's flushes to wait for.
            var (first, second) = round % 2 == 0 ? (ours, theirs) : (theirs, ours);
            var one = await first();
            var other = await second();
            rounds.Add(round % 2 == 0 ? (one, other) : (other, one));
        }

        var ratios = rounds.Select(round => round.Ours / round.Theirs).Order().ToList();
        Print(name, what, peer, unit, target, Median(rounds.Select(round => round.Ours)), Median(rounds.Select(round => round.Theirs)), Median(ratios), ratios[0], ratios[^1], count);
    }

    /// <summary>Code is compiled again while it runs; whoever has more of it is slower for longer. A server has that behind it.</summary>
    private static async Task WarmAsync(Func<Task<double>> subject)
    {
        var started = Stopwatch.GetTimestamp();
        do await subject();
        while (Stopwatch.GetElapsedTime(started) < Warm);
    }

    internal static void Print(string name, string what, string peer, string unit, string target, double ours, double theirs, double ratio, double low, double high, int rounds) =>
        Console.WriteLine(JsonSerializer.Serialize(new { name, what, peer, unit, ours, theirs, ratio, low, high, target, rounds }));

    /// <returns>Operations a second that the clients get through together.</returns>
    internal static async Task<double> RateAsync(int clients, TimeSpan length, Func<int, Task> operation)
    {
        var started = Stopwatch.GetTimestamp();
        var done = await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(async () =>
        {
            var count = 0;
            while (Stopwatch.GetElapsedTime(started) < length)
                await operation(client * 7919 + count++);
            return count;
        })));
        return done.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    internal static double Median(IEnumerable<double> values)
    {
        var ordered = values.Order().ToList();
        return ordered[ordered.Count / 2];
    }
}
