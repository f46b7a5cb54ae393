using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Keys;

namespace Vouchsafe.Migrating;

/// <summary>
/// With <c>Vouchsafe:Keys:RotateCheckpointKeys</c> (the reason) the application hands the checkpoint keys over to new ones and ends without having listened. The
/// nodes that serve notice by themselves. Begun again after it was cut off, it finishes what it began.
/// </summary>
internal sealed class RotatingProcess(IServiceProvider services, IConfiguration configuration) : IHostedLifecycleService
{
    public static void Register(IServiceCollection services) => services.AddHostedService<RotatingProcess>();

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var keys = configuration.GetSection("Vouchsafe:Keys");
        if (keys["RotateCheckpointKeys"] is not { Length: > 0 } reason) return;
        try
        {
            await services.GetRequiredService<KeyGuard>().EnsureAsync(cancellationToken);
            var overlap = keys["Overlap"] is { Length: > 0 } text ? TimeSpan.Parse(text, CultureInfo.InvariantCulture) : CheckpointRotation.Overlap;
            var rotated = await services.GetRequiredService<CheckpointRotation>().RotateAsync(reason, overlap, cancellationToken);
            await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"Generation {rotated.Generation} of the checkpoint keys signs from {rotated.SignsFrom:yyyy-MM-dd HH:mm:ss}Z, and alone from {rotated.AloneFrom:yyyy-MM-dd HH:mm:ss}Z. Give witnesses the new key: /audit/roll-up/vkey."));
        }
        catch (Exception refused) when (refused is Cryptography.Keys.KeyStoreException or InvalidOperationException or FormatException or OverflowException or ArgumentException)
        {
            await Console.Error.WriteLineAsync(refused.Message);
            Environment.Exit(1);
        }
        Environment.Exit(0);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
