using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Edge.Limits;

/// <summary>Gives back leases that are over, sweeps counts that are past, and gives back everything when the node stops.</summary>
internal sealed partial class LimiterUpkeep(RateLimiter limiter, IDatabase database, TimeProvider time, ILogger<LimiterUpkeep> log) : BackgroundService
{
    private const int SweepAtMost = 20_000;
    private const int TidiesPerSweep = 20;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var pace = new PeriodicTimer(Pace, time);
        for (var turn = 1; ; turn++)
        {
            try
            {
                if (!await pace.WaitForNextTickAsync(stoppingToken)) return;
                await limiter.TidyAsync(all: false, stoppingToken);
                if (turn % TidiesPerSweep == 0) await SweepAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception away)
            {
                Later(away);
            }
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var patience = new CancellationTokenSource(LastPatience, time);
        try
        {
            await limiter.TidyAsync(all: true, patience.Token);
        }
        catch (Exception away)
        {
            Later(away);
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Actor.System("edge"));
        await session.SingleOrDefaultAsync("select edge.sweep($1)", [SweepAtMost], row => row.GetInt32(0), cancellationToken);
    }

    [LoggerMessage(4012, LogLevel.Warning, "Rate-limit permits can't be given back for now; they count until their leases' windows end")]
    private partial void Later(Exception problem);
}
