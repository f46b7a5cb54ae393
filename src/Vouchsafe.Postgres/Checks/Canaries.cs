using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Postgres.Checks;

/// <summary>Two tenants that exist for the checks alone, with rows that one of them must not reach from the other.</summary>
internal static class Canaries
{
    internal static readonly TenantId One = new(Guid.Parse("00000000-0000-7000-8000-00000000ca01"));
    internal static readonly TenantId Other = new(Guid.Parse("00000000-0000-7000-8000-00000000ca02"));

    internal static readonly Guid Alice = Guid.Parse("00000000-0000-7000-8000-00000000a11c");
    internal static readonly Guid Bob = Guid.Parse("00000000-0000-7000-8000-000000000b0b");

    /// <summary>Rows of Alice: one is hers alone, one is shared with Bob. Each tenant has both, under ids of its own.</summary>
    internal static Guid Private(TenantId tenant) => tenant == One ? Id(0x11) : Id(0x21);

    internal static Guid Shared(TenantId tenant) => tenant == One ? Id(0x12) : Id(0x22);

    internal static async Task PlantAsync(IDatabase database, CancellationToken cancellationToken)
    {
        foreach (var tenant in new[] { One, Other })
        {
            await using var session = database.Tenant(new TenantScope(tenant, Actor.System("checks"), OwnerReach.All, null));
            await session.ExecuteAsync(
                """
                insert into vouchsafe.canaries (tenant_id, canary_id, owner_id, shared_with, mark)
                values ($1, $2, $4, '{}', 'private'), ($1, $3, $4, array[$5::uuid], 'shared')
                on conflict (tenant_id, canary_id) do nothing
                """, [tenant, Private(tenant), Shared(tenant), Alice, Bob], cancellationToken);
        }
    }

    private static Guid Id(int number) => Guid.Parse($"00000000-0000-7000-8000-0000000c{number:x4}");
}
