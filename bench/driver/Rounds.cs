using System.Diagnostics;
using System.Text.Json;

namespace Vouchsafe.Bench.Driver;

/// <summary>Two subjects in turns, so that what else the machine does meets both; medians, and the spread of the rounds' ratios.</summary>
internal static class Rounds
{
    private const int Count = 15;
    private const int Clients = 4;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(1);

    /// <param name="lowerIsBetter">False: operations a second. True: microseconds an operation.</param>
    internal static async Task CompareAsync(string what, string peer, string target, bool lowerIsBetter, Func<int, CancellationToken, Task> ours, Func<int, CancellationToken, Task> theirs)
    {
        await RateAsync(ours);
        await RateAsync(theirs);
        var rounds = new List<(double Ours, double Theirs)>();
        for (var round = 0; round < Count; round++)
        {
            // Who goes first changes: the first of a pair would else always have the warmer or the colder machine.
            var (first, second) = round % 2 == 0 ? (ours, theirs) : (theirs, ours);
            var one = await RateAsync(first);
            var other = await RateAsync(second);
            rounds.Add(round % 2 == 0 ? (one, other) : (other, one));
        }

        double Figure(double rate) => lowerIsBetter ? 1_000_000 * Clients / rate : rate;
        var ratios = rounds.Select(round => Figure(round.Ours) / Figure(round.Theirs)).Order().ToList();
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            what,
            unit = lowerIsBetter ? "µs" : "a second",
            peer,
            ours = Median(rounds.Select(round => Figure(round.Ours))),
            theirs = Median(rounds.Select(round => Figure(round.Theirs))),
            ratio = Median(ratios),
            low = ratios[0],
            high = ratios[^1],
            rounds = Count,
            target,
        }));
    }

    private static async Task<double> RateAsync(Func<int, CancellationToken, Task> operation)
    {
        var started = Stopwatch.GetTimestamp();
        var done = await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            var count = 0;
            while (Stopwatch.GetElapsedTime(started) < Length)
            {
                await operation(client * 7919 + count, CancellationToken.None);
                count++;
            }

            return count;
        })));
        return done.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static double Median(IEnumerable<double> values)
    {
        var ordered = values.Order().ToList();
        return ordered[ordered.Count / 2];
    }
}
