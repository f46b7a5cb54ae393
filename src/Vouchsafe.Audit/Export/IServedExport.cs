using Vouchsafe.Claims.Checks;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Audit.Export;

/// <summary>Exports as an administrator takes them: over the network. The web host answers; without one there are none.</summary>
public interface IServedExport
{
    /// <summary>The tenant whose trail is taken.</summary>
    Task<TenantId> TenantAsync(CancellationToken cancellationToken);

    /// <summary>Takes it from each node of the target in turn.</summary>
    /// <returns>The node, and the body of its answer; null where it isn't 200 with JSON. To be read before the next is asked for.</returns>
    IAsyncEnumerable<(Uri Node, Stream? Body)> TakeAsync(CheckTarget target, CancellationToken cancellationToken);
}
