using Npgsql;
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
    {
        _app = new Connector(NpgsqlDataSource.Create(options.App), time, services);
        _platform = new Connector(NpgsqlDataSource.Create(options.Platform), time, services);
        _sealer = new ContextSealer(keys, TimeProvider.System);
    }

    public TenantSession Tenant(TenantScope scope) => new(_app, _sealer, scope);

    public PlatformSession Platform(Actor actor) => new(_platform, actor);

    public async ValueTask DisposeAsync()
    {
        await _app.Source.DisposeAsync();
        await _platform.Source.DisposeAsync();
    }
}
