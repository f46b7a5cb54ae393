using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Vouchsafe.Audit.Custody;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Restores;
using Vouchsafe.Audit.RollUp;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Keys;
using Vouchsafe.Transparency.Checkpoints;

namespace Vouchsafe.Migrating;

/// <summary>
/// What an operator does to the logs by hand, with the application's own settings: <c>Vouchsafe:Keys:RotateCheckpointKeys</c> hands the checkpoint keys over,
/// <c>Vouchsafe:Audit:AcceptRestore</c> gives up the heads that this node remembers and a restored database contradicts,
/// <c>Vouchsafe:Audit:RestartRollUp</c> begins the roll-up log anew, <c>Vouchsafe:Keys:DeclareLost</c> records in a new installation that the root key of the one before is
/// lost; the value is the reason. The process ends without having listened. Begun again after it was cut
/// off, it finishes what it began.
/// </summary>
internal sealed class OperatingProcess(IServiceProvider services, IConfiguration configuration) : IHostedLifecycleService
{
    public static void Register(IServiceCollection services) => services.AddHostedService<OperatingProcess>();

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var keys = configuration.GetSection("Vouchsafe:Keys");
        var audit = configuration.GetSection("Vouchsafe:Audit");
        var (rotate, accept, restart, lost) = (keys["RotateCheckpointKeys"], audit["AcceptRestore"], audit["RestartRollUp"], keys["DeclareLost"]);
        if (new[] { rotate, accept, restart, lost }.All(string.IsNullOrEmpty)) return;
        try
        {
            await services.GetRequiredService<KeyGuard>().EnsureAsync(cancellationToken);
            if (!string.IsNullOrEmpty(rotate)) await RotateAsync(rotate, keys["Overlap"], cancellationToken);
            if (!string.IsNullOrEmpty(accept)) await AcceptAsync(accept, cancellationToken);
            if (!string.IsNullOrEmpty(restart)) await RestartAsync(restart, cancellationToken);
            if (!string.IsNullOrEmpty(lost)) await DeclareLostAsync(lost, keys.GetSection("LostCheckpoints"), cancellationToken);
        }
        catch (Exception refused) when (refused is KeyStoreException or NoteException or IOException or UnauthorizedAccessException or InvalidOperationException or FormatException or OverflowException or ArgumentException)
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

    private async Task RotateAsync(string reason, string? overlap, CancellationToken cancellationToken)
    {
        var both = string.IsNullOrEmpty(overlap) ? CheckpointRotation.Overlap : TimeSpan.Parse(overlap, CultureInfo.InvariantCulture);
        var rotated = await services.GetRequiredService<CheckpointRotation>().RotateAsync(reason, both, cancellationToken);
        await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"Generation {rotated.Generation} of the checkpoint keys signs from {rotated.SignsFrom:yyyy-MM-dd HH:mm:ss}Z, and alone from {rotated.AloneFrom:yyyy-MM-dd HH:mm:ss}Z."));
        await Console.Out.WriteLineAsync("Give witnesses the new key before then: /audit/roll-up/vkey.");
    }

    private async Task AcceptAsync(string reason, CancellationToken cancellationToken)
    {
        var logs = await services.GetRequiredService<RestoreAcceptance>().AcceptAsync(reason, cancellationToken);
        var lost = logs.Sum(log => Math.Max(0, log.Had - log.Has));
        await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{logs.Count} logs end before what this node remembered of them, by {lost} entries. The operator's log records each ({RestoreAcceptance.Event})."));
        await Console.Out.WriteLineAsync("Do the same with the settings of each other node, then start them.");
    }

    private async Task DeclareLostAsync(string reason, IConfigurationSection files, CancellationToken cancellationToken)
    {
        var notes = new List<SignedNote>();
        foreach (var file in files.GetChildren().Select(child => child.Value).OfType<string>())
            notes.Add(new FileInfo(file).Length <= SignedNote.LongestNote ? SignedNote.Parse(await File.ReadAllBytesAsync(file, cancellationToken))
                : throw new NoteException($"{file} is longer than a checkpoint can be."));
        foreach (var line in await services.GetRequiredService<RootKeyLoss>().DeclareAsync(reason, notes, cancellationToken)) await Console.Out.WriteLineAsync(line);
        await Console.Out.WriteLineAsync($"The operator's log records it ({RootKeyLoss.Event}). Publish these lines with the date of the loss.");
    }

    private async Task RestartAsync(string reason, CancellationToken cancellationToken)
    {
        await Console.Out.WriteLineAsync((await services.GetRequiredService<RollUpRestart>().RestartAsync(reason, cancellationToken)).ToString());
        await Console.Out.WriteLineAsync("Give witnesses the new key (line 3). The statement is public at /audit/roll-up/restarts.");
    }
}
