using System.Net.Http.Json;
using Vouchsafe.Claims.Checks;

namespace Vouchsafe.Audit.Receipts;

/// <summary>Asks every node what it knows to be committed and doesn't find in the logs: only the node that wrote it knows.</summary>
internal sealed class NodeTrails(Reconciler reconciler, PendingAge pending)
{
    /// <summary>Where a node says how the trail stands as it sees it.</summary>
    private const string Path = "/healthz/trail";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <param name="target">Names the nodes; one alone is this one.</param>
    public async Task<IReadOnlyList<string>> FindFaultsAsync(CheckTarget? target, CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        // First: a round of this node's would hide that nobody else does any.
        faults.AddRange(Say("this node", await reconciler.RunAsync(thorough: true, cancellationToken)));
        if (await pending.CountAsync(cancellationToken) is > 0 and var waiting)
            faults.Add($"{waiting} committed appends wait for their index for more than {Reconciler.Within.TotalSeconds:0} s");
        if (target is not { Nodes.Count: > 1 })
            return faults;
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        if (target.AcceptAnyCertificate)
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        using var client = new HttpClient(handler) { Timeout = Patience };
        foreach (var node in target.Nodes)
            faults.AddRange(Say($"node {node.Authority}", await AskAsync(client, node, cancellationToken)));
        return faults;
    }

    private static async Task<NodeTrail?> AskAsync(HttpClient client, Uri node, CancellationToken cancellationToken)
    {
        try
        {
            // 503 where something is wrong, with what that is.
            using var answer = await client.GetAsync(new Uri(node, Path), cancellationToken);
            return await answer.Content.ReadFromJsonAsync<NodeTrail>(cancellationToken);
        }
        catch (Exception silent) when (silent is HttpRequestException or System.Text.Json.JsonException || !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static IEnumerable<string> Say(string node, NodeTrail? trail)
    {
        if (trail is null)
        {
            yield return $"{node} doesn't say which committed entries it misses";
            yield break;
        }

        if (!trail.Sequencing)
            yield return $"the background sequencer of {node} doesn't run";
        if (trail.Late > 0)
            yield return $"{trail.Late} appends that were confirmed to {node} as committed are not in their logs after {Reconciler.Within.TotalSeconds:0} s";
        else if (trail.WasLate)
            yield return $"entries that were confirmed to {node} as committed came into their logs later than after {Reconciler.Within.TotalSeconds:0} s";
        if (trail.Altered > 0)
            yield return $"{trail.Altered} appends stand in their logs with other content than {node} recorded";
    }
}
