using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Vouchsafe.Bench.Measuring;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Bench.Statistics;

/// <summary>One statement of one tenant, in both shops by turns.</summary>
internal static partial class Comparison
{
    private const int Count = 15;
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(100);

    internal static async Task RunAsync(Shops shops, string statement, string sql, string tenant, Guid id)
    {
        var scope = new TenantScope(new TenantId(id), Actor.System("bench"), OwnerReach.All, null);
        Func<Task<double>> Of(string shop)
        {
            var text = string.Format(CultureInfo.InvariantCulture, sql, shop);
            return async () =>
            {
                var (started, done) = (Stopwatch.GetTimestamp(), 0);
                do
                {
                    await using var session = shops.Database.Tenant(scope);
                    if ((await session.ListAsync(text, [id], row => row.GetValue(0), CancellationToken.None)).Count == 0)
                        throw new InvalidOperationException("The rows aren't there.");
                    done++;
                }
                while (Stopwatch.GetElapsedTime(started) < Round);
                return Stopwatch.GetElapsedTime(started).TotalMicroseconds / done;
            };
        }

        var (closed, open) = (Of("closed"), Of("open"));
        // Past the executions after which the driver prepares and the server may settle on a generic plan.
        for (var warm = 0; warm < 10; warm++)
            await Task.WhenAll(closed(), open());
        var rounds = new List<(double Ours, double Theirs)>();
        for (var round = 0; round < Count; round++)
        {
            var (first, second) = round % 2 == 0 ? (closed, open) : (open, closed);
            var (one, other) = (await first(), await second());
            rounds.Add(round % 2 == 0 ? (one, other) : (other, one));
        }

        var ratios = rounds.Select(round => round.Ours / round.Theirs).Order().ToList();
        Rounds.Print($"statistics.{statement}.{tenant}", $"{statement}, {tenant}", "with statistics", "µs", "", Rounds.Median(rounds.Select(round => round.Ours)), Rounds.Median(rounds.Select(round => round.Theirs)), Rounds.Median(ratios), ratios[0], ratios[^1], Count);
        await Console.Error.WriteLineAsync($"{statement}, {tenant}\n  with:    {await PlanAsync(shops, scope, "open", sql)}\n  without: {await PlanAsync(shops, scope, "closed", sql)}");
    }

    /// <summary>The plan's nodes, from the outside in.</summary>
    private static async Task<string> PlanAsync(Shops shops, TenantScope scope, string shop, string sql)
    {
        await using var session = shops.Database.Tenant(scope);
        var text = string.Format(CultureInfo.InvariantCulture, sql, shop).Replace("$1", $"'{scope.Tenant}'::uuid", StringComparison.Ordinal);
        var lines = await session.ListAsync("explain " + text, [], row => row.GetString(0), CancellationToken.None);
        return string.Join(" < ", lines.Select(line => Node().Match(line)).Where(match => match.Success).Select(match => $"{match.Groups[1].Value.Trim()} [{match.Groups[2].Value}]"));
    }

    [GeneratedRegex(@"^[ \->]*([A-Z][^(]*?)  \(cost=\S+ rows=(\d+)")]
    private static partial Regex Node();
}
