using System.Diagnostics;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Vouchsafe.Acceptance.Running;

/// <summary>
/// Runs an application's own Program in this process, on its own Kestrel, with services replaced where a sabotage needs it.
/// </summary>
/// <remarks>
/// The host announces itself through the diagnostic source "Microsoft.Extensions.Hosting" while it is built; that is how the
/// framework's design-time tools find it too. The announcement comes on the thread that builds, so that several
/// applications can start beside each other.
/// </remarks>
internal sealed class EntryPointHost : IAsyncDisposable
{
    private readonly TaskCompletionSource<IHost> built = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task running;
    private readonly Thread thread;

    private EntryPointHost(Assembly application, string[] args, Action<IServiceCollection> configure)
    {
        var finished = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        running = finished.Task;
        thread = new Thread(() =>
        {
            using var subscription = DiagnosticListener.AllListeners.Subscribe(new Listeners(this, Environment.CurrentManagedThreadId, configure));
            try
            {
                var main = application.EntryPoint ?? throw new InvalidOperationException($"{application.GetName().Name} has no entry point.");
                main.Invoke(null, main.GetParameters().Length == 0 ? null : [args]);
                built.TrySetException(new InvalidOperationException("The application ended before its host was built."));
                finished.TrySetResult();
            }
            catch (TargetInvocationException failure)
            {
                built.TrySetException(failure.InnerException!);
                finished.TrySetException(failure.InnerException!);
            }
        }) { IsBackground = true, Name = "application" };
    }

    public IServiceProvider Services { get; private set; } = null!;

    private IHost Host { get; set; } = null!;

    /// <summary>Starts the application and waits until it serves.</summary>
    /// <exception cref="Exception">Whatever the application's start-up throws, unwrapped.</exception>
    public static async Task<EntryPointHost> StartAsync(
        Assembly application, string[] args, Action<IServiceCollection> configure, CancellationToken cancellationToken)
    {
        var entry = new EntryPointHost(application, args, configure);
        entry.thread.Start();
        entry.Host = await entry.built.Task.WaitAsync(cancellationToken);
        entry.Services = entry.Host.Services;
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var lifetime = entry.Services.GetRequiredService<IHostApplicationLifetime>();
        await using var registration = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        var first = await Task.WhenAny(started.Task, entry.running).WaitAsync(cancellationToken);
        await first;
        return entry;
    }

    public async ValueTask DisposeAsync()
    {
        if (running.IsCompleted)
            return;
        Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        await running;
    }

    private sealed class Listeners(EntryPointHost owner, int thread, Action<IServiceCollection> configure)
        : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
    {
        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.Extensions.Hosting")
                value.Subscribe(this);
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (Environment.CurrentManagedThreadId != thread)
                return;
            if (value is { Key: "HostBuilding", Value: IHostBuilder builder })
                builder.ConfigureServices((_, services) => configure(services));
            else if (value is { Key: "HostBuilt", Value: IHost host })
                owner.built.TrySetResult(host);
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error) => owner.built.TrySetException(error);
    }
}
