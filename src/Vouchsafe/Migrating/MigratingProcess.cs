using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Hosting.Modules;
using Vouchsafe.Keys;
using Vouchsafe.Postgres.Migrations;
using Vouchsafe.Postgres.Roles;

namespace Vouchsafe.Migrating;

/// <summary>
/// With <c>Vouchsafe:Migrate</c> the application applies its migrations, seeds where <c>Vouchsafe:Seed</c> says so, and ends without
/// having listened. So the process that serves never holds the owner's password.
/// </summary>
internal sealed class MigratingProcess(IServiceProvider services, IConfiguration configuration) : IHostedLifecycleService
{
    public static void Register(IServiceCollection services) => services.AddHostedService<MigratingProcess>();

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (!configuration.GetValue<bool>("Vouchsafe:Migrate"))
        {
            if (services.GetRequiredService<DatabaseOptions>().OwnerPassword is not null)
                throw new InvalidOperationException(
                    "Vouchsafe:Database:OwnerPassword is set in a process that serves. Give it to the migrating process alone (Vouchsafe:Migrate).");
            return;
        }

        await ApplyAsync(cancellationToken);
        if (configuration.GetValue<bool>("Vouchsafe:Seed"))
            foreach (var seed in services.GetServices<ISeed>())
                foreach (var line in await seed.SeedAsync(cancellationToken))
                    await Console.Out.WriteLineAsync(line);

        // The host has no way to be told "done" before it starts its servers; nothing is open that a return would close.
        Environment.Exit(0);
    }

    private async Task ApplyAsync(CancellationToken cancellationToken)
    {
        try
        {
            var (owner, keys) = (services.GetRequiredService<DatabaseOptions>().Owner, services.GetRequiredService<KeyGuard>());
            foreach (var applied in await services.GetRequiredService<Migrator>().RunAsync(owner, cancellationToken))
                await Console.Error.WriteLineAsync($"applied {applied}");
            await keys.BindAsync(owner, cancellationToken);
        }
        catch (Exception problem) when (problem is MigrationException or KeyStoreException)
        {
            // The message says what to do; where in our code it was thrown helps nobody who runs this.
            await Console.Error.WriteLineAsync(problem.Message);
            Environment.Exit(1);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
