using Microsoft.Extensions.Logging;
using Vouchsafe.Postgres.Health;
using Vouchsafe.Postgres.Roles;
using Vouchsafe.Postgres.Sealing;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Postgres.Sessions;

/// <summary>Two pools, one for each run-time login.</summary>
public sealed class Database : IDatabase, IAsyncDisposable
{
    private readonly Connector _app, _platform;
    private readonly ContextSealer _sealer;

    /// <param name="time">The application's clock: <see cref="Session.Now"/>. Contexts are sealed by the machine's, which is the server's.</param>
    /// <param name="services">Where <see cref="Session.Service{T}"/> looks; null: nowhere.</param>
    public Database(DatabaseOptions options, IContextKeys keys, TimeProvider time, IServiceProvider? services = null)
        : this(options, new ContextSealer(keys, TimeProvider.System), time, services)
    {
    }

    internal Database(DatabaseOptions options, ContextSealer sealer, TimeProvider time, IServiceProvider? services)
    {
        var log = (services?.GetService(typeof(ILoggerFactory)) as ILoggerFactory)?.CreateLogger<ConnectionPool>();
        _app = new Connector(new ConnectionPool(options.App, TimeProvider.System, log), time, services) { WriteFailures = WriteFailures };
        _platform = new Connector(new ConnectionPool(options.Platform, TimeProvider.System, log), time, services) { WriteFailures = WriteFailures };
        _sealer = sealer;
    }

    /// <summary>The connections of the application's login.</summary>
    internal ConnectionPool AppPool => _app.Pool;

    internal WriteFailures WriteFailures { get; } = new();

    public TenantSession Tenant(TenantScope scope) => new(_app, _sealer, scope);

    public PlatformSession Platform(Actor actor) => new(_platform, actor);

    public async ValueTask DisposeAsync()
    {
        await _app.Pool.DisposeAsync();
        await _platform.Pool.DisposeAsync();
    }
}
