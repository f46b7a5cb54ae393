using Vouchsafe.Audit.Trail;
using Vouchsafe.Claims.Drills;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Audit.Checks;

/// <summary>Alters a hash in a log that holds a single entry and serves nothing else, as somebody with the platform's login could.</summary>
internal sealed class ImmutableDrill(IDatabase database, TrailReader trail) : IDrill
{
    private const string Name = "drill";
    private static readonly TenantId Tenant = new(new Guid("00000000-0000-7000-8000-000000000003"));

    public string Control => "audit.immutable";

    public string Expected => "hash to its root";

    public async Task<string?> BreakAsync(CancellationToken cancellationToken)
    {
        if (await LeafHashAsync(cancellationToken) is null)
        {
            await using var first = Session();
            var entry = await first.RecordAsync(new AuditEvent("drill.prepared"), cancellationToken);
            // Proving it gives it its index.
            await trail.ProveAsync(Tenant, entry, cancellationToken);
        }
        if (await LeafHashAsync(cancellationToken) is not { } hash) return null;
        hash[0] ^= 1;
        return await PutAsync(hash, cancellationToken) == 1 ? "a hash in a log kept for drills was altered" : null;
    }

    public async Task MendAsync(CancellationToken cancellationToken)
    {
        if (await LeafHashAsync(cancellationToken) is { } hash) await PutAsync(hash, cancellationToken);
    }

    /// <summary>The right hash, from the entry itself.</summary>
    private async Task<byte[]?> LeafHashAsync(CancellationToken cancellationToken)
    {
        await using var session = Session();
        return await session.SingleOrDefaultAsync("select leaves[1] from audit.entries where tenant_id = $1", [Tenant.Value], row => TreeHash.Leaf(row.GetFieldValue<byte[]>(0)).Bytes.ToArray(), cancellationToken);
    }

    private async Task<int> PutAsync(byte[] hash, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Actor.System(Name));
        return await session.ExecuteAsync(
            """
            with gone as (delete from audit.tails where tenant_id = $1 and first_index = 0 returning tenant_id, first_index, entries)
            insert into audit.tails (tenant_id, first_index, entries, hashes) select tenant_id, first_index, entries, $2 from gone
            """, [Tenant.Value, hash], cancellationToken);
    }

    private TenantSession Session() => database.Tenant(new TenantScope(Tenant, Actor.System(Name), OwnerReach.All, null));
}
