using System.Net;
using System.Runtime.CompilerServices;
using Vouchsafe.Audit.Export;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Hosting.Canaries;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Hosting.AuditTrail;

/// <summary>Takes the lasting canary's trail from each node, as its administrator does.</summary>
internal sealed class ServedExport(ICanaryTenants tenants, ICanaryCallers callers) : IServedExport
{
    public Task<TenantId> TenantAsync(CancellationToken cancellationToken) => tenants.LastingAsync(cancellationToken);

    public async IAsyncEnumerable<(Uri Node, Stream? Body)> TakeAsync(CheckTarget target, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var token = await callers.TokenAsync(await tenants.LastingAsync(cancellationToken), "admin", cancellationToken);
        using var client = new OutsideClient(target);
        foreach (var node in client.Nodes)
        {
            using var answer = await client.OpenAsync(new Uri(node, "/audit/export.json"), token, cancellationToken);
            yield return answer.StatusCode == HttpStatusCode.OK && answer.Content.Headers.ContentType?.MediaType == "application/json"
                ? (node, await answer.Content.ReadAsStreamAsync(cancellationToken))
                : (node, null);
        }
    }
}
