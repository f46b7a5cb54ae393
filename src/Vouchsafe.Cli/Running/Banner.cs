using System.Text.Json;

namespace Vouchsafe.Cli.Running;

/// <summary>What a person needs once the application serves.</summary>
internal static class Banner
{
    private static readonly string[] Verdicts = ["verified", "failed", "stale", "unknown"];

    public static async Task PrintAsync(
        TextWriter output, RunOptions options, string shell, IReadOnlyList<string> seeded, JsonElement? trust, TimeSpan took)
    {
        await output.WriteLineAsync();
        await output.WriteLineAsync($"  application   {options.Origin}");
        await output.WriteLineAsync($"  trust page    {new Uri(options.Origin, "/trust")}");
        await output.WriteLineAsync($"  mail          {new Uri(options.Origin, "/dev/mailbox")}");
        await output.WriteLineAsync($"  redirects     {options.HttpOrigin}");
        foreach (var line in seeded)
            await output.WriteLineAsync($"  {line}");
        await output.WriteLineAsync($"  database      {shell}");
        await output.WriteLineAsync($"  posture       {options.Posture}");
        await output.WriteLineAsync($"  claims        {Count(trust)}");
        await output.WriteLineAsync();
        await output.WriteLineAsync($"Ready after {took.TotalSeconds:0} s. The certificate is self-signed, so your browser will warn you. Press Ctrl-C to stop.");
    }

    internal static string Count(JsonElement? trust)
    {
        if (trust is not { } statement || !statement.TryGetProperty("claims", out var claims))
            return "not counted: the trust statement could not be read";
        var counts = claims.EnumerateArray().CountBy(claim => claim.GetProperty("verdict").GetString() ?? "").ToDictionary();
        return string.Join(", ", Verdicts.Select(verdict => $"{counts.GetValueOrDefault(verdict)} {verdict}"));
    }
}
