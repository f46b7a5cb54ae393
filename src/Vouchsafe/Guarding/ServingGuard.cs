using Microsoft.Extensions.Hosting;
using Vouchsafe.Keys;
using Vouchsafe.Postgres.Linting;

namespace Vouchsafe.Guarding;

/// <summary>Looks before the first listener opens: the application doesn't serve while the key store isn't that of its database, or the catalogue
/// linter has a finding.</summary>
internal sealed class ServingGuard(KeyGuard keys, TenancyGuard guard) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await keys.EnsureAsync(cancellationToken);
        await guard.EnsureAsync(cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
