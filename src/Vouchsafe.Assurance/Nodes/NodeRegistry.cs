using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Assurance.Nodes;

/// <summary>Tells the other nodes that this one serves, and knows those that do.</summary>
internal sealed partial class NodeRegistry(IDatabase database, IConfiguration configuration, TimeProvider time, ILogger<NodeRegistry> log) : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(10);
    private static readonly Actor Assurance = Actor.System("assurance");
    private readonly Guid id = Guid.CreateVersion7(time.GetUtcNow());

    /// <summary>This instance as a client reaches it from here: this node first, then the others.</summary>
    public async Task<CheckTarget> TargetAsync(CancellationToken cancellationToken)
    {
        var here = Here();
        await using var session = database.Platform(Assurance);
        var others = await session.ListAsync(
            "select address from assurance.nodes where seen_at > $1 and node_id <> $2 order by address", [time.GetUtcNow() - (3 * Beat), id],
            row => new Uri(row.GetString(0)), cancellationToken);
        var http = configuration.GetValue("Vouchsafe:Edge:HttpPort", 5080);
        return new CheckTarget(here, new UriBuilder("http", here.Host, http).Uri, [here, .. others.Where(other => other != here)], here.IsLoopback)
        {
            PublicPort = Uri.TryCreate(configuration["Vouchsafe:Edge:PublicOrigin"], UriKind.Absolute, out var origin) ? origin.Port : null,
        };
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Beat, time);
        do
        {
            try
            {
                await using var session = database.Platform(Assurance);
                await session.ExecuteBatchAsync(
                    [
                        new Statement("insert into assurance.nodes (node_id, address, seen_at) values ($1, $2, $3) on conflict (node_id) do update set seen_at = excluded.seen_at", id, Here().AbsoluteUri, time.GetUtcNow()),
                        new Statement("delete from assurance.nodes where seen_at < $1", time.GetUtcNow() - TimeSpan.FromHours(1)),
                    ],
                    stoppingToken);
            }
            catch (Exception problem) when (!stoppingToken.IsCancellationRequested)
            {
                BeatMissed(problem);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private Uri Here() => new(configuration["Vouchsafe:Node:Address"] ?? $"https://localhost:{configuration.GetValue("Vouchsafe:Edge:HttpsPort", 5443)}");

    [LoggerMessage(2001, LogLevel.Warning, "This node couldn't tell the others that it serves; it tries again.")]
    private partial void BeatMissed(Exception problem);
}
