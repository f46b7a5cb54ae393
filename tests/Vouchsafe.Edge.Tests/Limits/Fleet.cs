using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Vouchsafe.Edge.Limits;
using Vouchsafe.Edge.Tests.Running;

namespace Vouchsafe.Edge.Tests.Limits;

/// <summary>Several limiters on one database, each as on a node of its own.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private readonly List<PermitsListener> listeners = [];

    private Fleet()
    {
    }

    public List<RateLimiter> Nodes { get; } = [];

    public static async Task<Fleet> StartAsync(EdgeDatabase database, int nodes, TimeProvider time, bool listening = true)
    {
        var fleet = new Fleet();
        for (var at = 0; at < nodes; at++)
        {
            var node = new NodeId(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));
            var limiter = new RateLimiter(new DatabasePermits(database.Database, node), node, time, NullLogger<RateLimiter>.Instance);
            fleet.Nodes.Add(limiter);
            if (!listening) continue;
            var listener = new PermitsListener(limiter, database.Options, TimeProvider.System, NullLogger<PermitsListener>.Instance);
            await listener.StartAsync(CancellationToken.None);
            await listener.Hears.WaitAsync(TimeSpan.FromSeconds(20));
            fleet.listeners.Add(listener);
        }
        return fleet;
    }

    /// <summary>A client that no other test uses.</summary>
    public static IPAddress Somebody() => new(System.Security.Cryptography.RandomNumberGenerator.GetBytes(4));

    public async ValueTask DisposeAsync()
    {
        foreach (var listener in listeners)
        {
            await listener.StopAsync(CancellationToken.None);
            listener.Dispose();
        }
    }
}
