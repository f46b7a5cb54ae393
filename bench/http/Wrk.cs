using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Vouchsafe.Bench.Http;

/// <summary>One round of wrk, from another process.</summary>
internal static partial class Wrk
{
    private const int Connections = 16;

    public static async Task<(double PerSecond, double P99Milliseconds)> RunAsync(Uri url, string? token, int seconds)
    {
        string[] arguments = ["-t1", $"-c{Connections}", $"-d{seconds}s", "--latency", .. token is null ? Array.Empty<string>() : ["-H", $"Authorization: Bearer {token}"], url.ToString()];
        using var process = Process.Start(new ProcessStartInfo("wrk", arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (output.Contains("Non-2xx", StringComparison.Ordinal) || !Rate().IsMatch(output))
            throw new InvalidOperationException($"wrk on {url}: {output}");
        var p99 = P99().Match(output);
        return (Number(Rate().Match(output).Groups[1].Value), Number(p99.Groups[1].Value) * (p99.Groups[2].Value switch { "us" => 0.001, "ms" => 1, _ => 1000 }));
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Requests/sec:\s+([0-9.]+)")]
    private static partial Regex Rate();

    [GeneratedRegex(@"99%\s+([0-9.]+)(us|ms|s)")]
    private static partial Regex P99();
}
