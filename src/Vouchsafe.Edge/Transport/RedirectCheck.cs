using System.Text.Json.Nodes;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Edge.Probing;

namespace Vouchsafe.Edge.Transport;

/// <summary>Asks over plain HTTP for pages, API and nonsense, and for a host that isn't this one.</summary>
public sealed class RedirectCheck : ICheck
{
    private static readonly (HttpMethod Method, string Path)[] Requests =
    [
        (HttpMethod.Get, "/"), (HttpMethod.Get, "/trust"), (HttpMethod.Get, "/sign-in?return=%2Forders"), (HttpMethod.Get, EveryKindOfAnswer.ApiPath),
        (HttpMethod.Get, "/healthz/live"), (HttpMethod.Get, "/nowhere/%C3%A4?x=1&y=%26"), (HttpMethod.Get, "//elsewhere.invalid/"), (HttpMethod.Post, EveryKindOfAnswer.SignInPath),
    ];

    public string Control => RedirectPolicy.Control;

    public Vantage Vantage => Vantage.Outside;

    public async Task<Finding> RunAsync(CheckContext context, CancellationToken cancellationToken)
    {
        if (context.Target.Http is not { } http)
            return Finding.Broken("No plain HTTP address is known, so nobody is seen to be redirected.");
        var status = (int)context.Figures.Integer("status");
        var outsider = Outsider.Stranger(context.Target);
        using var client = outsider.Client();
        var port = context.Target.PublicPort ?? context.Target.Https.Port;
        var origin = "https://" + (port == 443 ? http.Host : $"{http.Host}:{port}");
        var seen = new JsonArray();
        var faults = new List<string>();
        foreach (var (method, path) in Requests)
        {
            var answer = await EveryKindOfAnswer.AskAsync(client, method, http, http.GetLeftPart(UriPartial.Authority) + path, cancellationToken);
            var location = answer.Only("location");
            seen.Add(new JsonObject { ["what"] = $"{method} {path}", ["status"] = answer.Status, ["location"] = location });
            if (answer.Status != status) faults.Add($"{method} {path} over HTTP was answered {answer.Status} instead of {status}");
            else if (location != origin + path) faults.Add($"{method} {path} over HTTP leads to {location}");
            else if (answer.Body.Length > 0) faults.Add($"{method} {path} over HTTP was answered with a body");
        }
        using var foreign = new HttpRequestMessage(HttpMethod.Get, http) { Headers = { Host = "elsewhere.invalid" } };
        using var lured = await client.SendAsync(foreign, cancellationToken);
        seen.Add(new JsonObject { ["what"] = "a foreign Host", ["status"] = (int)lured.StatusCode, ["location"] = lured.Headers.Location?.OriginalString });
        if (lured.Headers.Location is { } elsewhere) faults.Add($"a foreign Host is led to {elsewhere}");
        var record = new JsonObject { ["answers"] = seen };
        return faults.Count == 0
            ? Finding.Held($"Each of {Requests.Length} requests over HTTP was sent to the same path on {origin} with {status}, and a foreign Host nowhere.", record)
            : Finding.Broken($"{string.Join("; ", faults.Take(3))}.", record);
    }
}
