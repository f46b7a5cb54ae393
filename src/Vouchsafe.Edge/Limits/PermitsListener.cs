using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Vouchsafe.Postgres.Roles;

namespace Vouchsafe.Edge.Limits;

/// <summary>Hears the other nodes' recalls. While it is deaf, others wait for this node's leases to end: slower, no less exact.</summary>
/// <remarks>LISTEN needs a connection that stays, which no session is; this one runs no other statement.</remarks>
internal sealed partial class PermitsListener(RateLimiter limiter, DatabaseOptions options, TimeProvider time, ILogger<PermitsListener> log) : BackgroundService
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);
    private readonly TaskCompletionSource hears = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done once it has heard for the first time.</summary>
    internal Task Hears => hears.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception lost) when (lost is NpgsqlException or IOException or TimeoutException or InvalidOperationException)
            {
                Deaf(lost);
                await Task.Delay(Again, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task ListenAsync(CancellationToken stop)
    {
        var settings = new NpgsqlConnectionStringBuilder(options.Platform) { Pooling = false, KeepAlive = 30, NoResetOnClose = false };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        connection.Notification += (_, heard) => Hear(heard.Payload, stop);
        await connection.OpenAsync(stop);
        await using (var listen = new NpgsqlCommand("listen " + DatabasePermits.Channel, connection))
            await listen.ExecuteNonQueryAsync(stop);
        hears.TrySetResult();
        while (true) await connection.WaitAsync(stop);
    }

    /// <summary>«recall KEY NODE» or «back KEY NODE»; anything else was said by somebody else and is ignored.</summary>
    private void Hear(string payload, CancellationToken stop)
    {
        var words = payload.Split(' ');
        if (words.Length != 3 || words[2] == limiter.Node.ToString() || !ClientKey.TryParse(words[1], out var key)) return;
        if (words[0] == "back") limiter.OnBack(key);
        else if (words[0] == "recall") _ = AnswerAsync(key, stop);
    }

    private async Task AnswerAsync(ClientKey key, CancellationToken stop)
    {
        try
        {
            await limiter.OnRecallAsync(key, stop);
        }
        catch (Exception lost) when (!stop.IsCancellationRequested)
        {
            Deaf(lost);
        }
    }

    [LoggerMessage(4011, LogLevel.Warning, "Recalls of rate-limit permits can't be heard or answered for now")]
    private partial void Deaf(Exception problem);
}
