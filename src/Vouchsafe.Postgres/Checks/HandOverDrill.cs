using Vouchsafe.Claims.Drills;
using Vouchsafe.Postgres.Sessions;

namespace Vouchsafe.Postgres.Checks;

/// <summary>Hands on the connections on which a check left a trap. The first trap stops the check, and it is a setting that nobody reads.</summary>
public sealed class HandOverDrill(Database database) : IDrill
{
    private IDisposable? _fault;

    public string Control => "tenancy.data-layer";

    public string Expected => "The next tenant's session gets a connection";

    public Task<string?> BreakAsync(CancellationToken cancellationToken)
    {
        _fault ??= database.AppPool.Break(canariesAlone: true);
        return Task.FromResult<string?>("connections of the canary tenants went back to the pool with what was left on them");
    }

    public Task MendAsync(CancellationToken cancellationToken)
    {
        _fault?.Dispose();
        _fault = null;
        return Task.CompletedTask;
    }
}
