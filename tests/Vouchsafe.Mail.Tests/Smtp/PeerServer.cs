using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vouchsafe.Testing.Peers;

namespace Vouchsafe.Mail.Tests.Smtp;

/// <summary>npm's smtp-server as a process of its own, on a free port of the loopback address.</summary>
internal sealed class PeerServer : IAsyncDisposable
{
    private readonly Process _node;

    private PeerServer(Process node, int port) => (_node, Port) = (node, port);

    public int Port { get; }

    public static async Task<PeerServer> StartAsync(TestCertificates certificates, JsonObject? settings = null, string host = "localhost")
    {
        var (certificate, key) = certificates.Server(host);
        settings ??= [];
        (settings["cert"], settings["key"]) = (certificate, key);
        var node = NodePeer.Start("smtp.mjs");
        await node.StandardInput.WriteLineAsync(settings.ToJsonString());
        var first = await node.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"smtp.mjs failed: {await node.StandardError.ReadToEndAsync()}");
        return new PeerServer(node, JsonDocument.Parse(first).RootElement.GetProperty("port").GetInt32());
    }

    /// <summary>The next message that it took.</summary>
    public async Task<JsonElement> TakenAsync(CancellationToken cancellationToken) =>
        JsonDocument.Parse((await _node.StandardOutput.ReadLineAsync(cancellationToken))!).RootElement;

    /// <summary>Ends it, and tells how many messages it took beyond those that were asked for.</summary>
    public async Task<int> EndAsync()
    {
        _node.StandardInput.Close();
        var rest = await _node.StandardOutput.ReadToEndAsync();
        await _node.WaitForExitAsync();
        return rest.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_node.HasExited)
        {
            _node.Kill();
            await _node.WaitForExitAsync();
        }

        _node.Dispose();
    }
}
