using Microsoft.Extensions.Hosting;
using Vouchsafe.Postgres.Linting;

namespace Vouchsafe.Guarding;

/// <summary>Looks before the first listener opens: the application doesn't serve while the catalogue linter has a finding.</summary>
internal sealed class ServingGuard(TenancyGuard guard) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => guard.EnsureAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
