using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Postgres.Sessions;

namespace Vouchsafe.Hosting.ActionLog;

/// <summary>Sends a change and a read of personal data over HTTPS to every node, as the canary, then requests to the real endpoints, and demands an entry of each.</summary>
internal sealed class ActionLogCheck(IDatabase database, TrailReader reader, ActionLogCanary canary, EndpointWalk walk) : ICheck
{
    public string Control => "audit.actions";

    public Vantage Vantage => Vantage.Inside;

    public async Task<Finding> RunAsync(CheckContext context, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        if (context.Target.AcceptAnyCertificate)
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        using var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(20) };
        var nodes = context.Target.Nodes.Count > 0 ? context.Target.Nodes : [context.Target.Https];
        foreach (var node in nodes)
        {
            foreach (var method in new[] { HttpMethod.Post, HttpMethod.Get })
            {
                var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
                using var request = new HttpRequestMessage(method, new Uri(node, ActionLogCanary.Path));
                request.Headers.Add(ActionLogCanary.Header, canary.Token(nonce));
                using var response = await client.SendAsync(request, cancellationToken);
                if (!response.IsSuccessStatusCode)
                    return Finding.Broken($"{method} {ActionLogCanary.Path} answered {(int)response.StatusCode}.", new JsonObject { ["status"] = (int)response.StatusCode });
                if (!await HasEntryAsync(method, nonce, cancellationToken))
                    return Finding.Broken(method == HttpMethod.Post
                        ? "A request that changes something left no entry in the trail."
                        : "A request that reads personal data left no entry in the trail.");
            }
        }

        var (silent, asked, unreached) = await walk.RunAsync(context.Target, cancellationToken);
        var seen = new JsonObject { ["nodes"] = nodes.Count, ["endpoints"] = asked, ["unreached"] = unreached };
        return silent.Count > 0
            ? Finding.Broken($"Requests left no entry in the trail: {string.Join(", ", silent.Take(10))}{(silent.Count > 10 ? $" and {silent.Count - 10} more" : "")}.", seen)
            : Finding.Held($"A change and a read of personal data left their entries on every node, and so did requests to {asked} endpoints, which are asked in turn.", seen);
    }

    private async Task<bool> HasEntryAsync(HttpMethod method, string nonce, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(CanaryLog.Scope);
        // A proof of what isn't there makes whatever was committed until now part of the log.
        await reader.ProveAsync(CanaryLog.Tenant, Guid.Empty, cancellationToken);
        var newest = await reader.ListAsync(session, null, 100, cancellationToken);
        return newest.Any(entry => entry.Event == ActionLogMiddleware.Event
            && entry.Fields.Fields.Any(field => field.Name == "method" && field.Value == method.Method)
            && entry.Fields.Fields.Any(field => field.Name == "canary" && field.Value == nonce));
    }
}
