using System.Collections.Frozen;
using System.Net;
using System.Text.Json;
using Vouchsafe.Claims.Controls;

namespace Vouchsafe.Cli.Running;

/// <summary>Asks the application until it serves, and until its first round of checks is through.</summary>
internal sealed class Readiness : IDisposable
{
    private static readonly FrozenSet<string> Planned = ControlCatalogue.All.Where(control => control.Stage == Stage.Planned).Select(control => control.Id).ToFrozenSet(StringComparer.Ordinal);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private readonly HttpClient client;
    private readonly TimeProvider time;

    public Readiness(Uri origin, TimeProvider time)
    {
        this.time = time;
        // The certificate was made by the application a moment ago, on this machine; the address is this machine's.
        var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => origin.IsLoopback } };
        client = new HttpClient(handler) { BaseAddress = origin, Timeout = TimeSpan.FromSeconds(5) };
    }

    /// <returns>False where the process ended or the time ran out first.</returns>
    public async Task<bool> ServesAsync(Task ended, TimeSpan atMost, CancellationToken cancellationToken)
    {
        for (var start = time.GetTimestamp(); time.GetElapsedTime(start) < atMost && !ended.IsCompleted; await Task.Delay(Pause, time, cancellationToken))
            if (await AnswersAsync("/healthz/ready", cancellationToken) is not null)
                return true;
        return false;
    }

    /// <returns>The trust statement once nothing that has a check is unknown, or the last one seen when the time ran out.</returns>
    public async Task<JsonElement?> FirstRoundAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        JsonElement? last = null;
        for (var start = time.GetTimestamp(); time.GetElapsedTime(start) < atMost; await Task.Delay(Pause * 4, time, cancellationToken))
        {
            if (await AnswersAsync("/trust.json", cancellationToken) is not { } text)
                continue;
            last = JsonSerializer.Deserialize<JsonElement>(text);
            if (last.Value.GetProperty("claims").EnumerateArray().All(Settled))
                break;
        }

        return last;
    }

    public void Dispose() => client.Dispose();

    /// <summary>Whether each of the claim's controls has a verdict, or is planned and won't get one.</summary>
    internal static bool Settled(JsonElement claim) => claim.GetProperty("controls").EnumerateArray()
        .All(control => control.GetProperty("verdict").GetString() != "unknown" || Planned.Contains(control.GetProperty("control").GetString()!));

    private async Task<string?> AnswersAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await client.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
            return response.StatusCode == HttpStatusCode.OK ? await response.Content.ReadAsStringAsync(cancellationToken) : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
