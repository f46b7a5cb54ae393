using System.Buffers.Binary;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Audit.RollUp;

/// <summary>
/// The one log that witnesses see. Its leaves are salted commitments to the heads of all other logs, so that a witness learns that logs grow and
/// neither whose nor by how much. Each restart (<see cref="RollUpRestart"/>) begins another one, of a tenant of its own.
/// </summary>
public static class RollUpLog
{
    internal const string Job = "audit.roll-up";

    private static readonly Guid First = new("00000000-0000-7000-8000-000000000004");

    // The number stands in the last two bytes, which are free in this block.
    private static readonly byte[] Restarted = Convert.FromHexString("0000000000007000800400000000");

    /// <summary>The first one's tenant.</summary>
    public static TenantId Tenant { get; } = new(First);

    internal static TenantId TenantOf(int number)
    {
        if (number == 1) return Tenant;
        Span<byte> id = stackalloc byte[16];
        Restarted.CopyTo(id);
        BinaryPrimitives.WriteUInt16BigEndian(id[14..], checked((ushort)number));
        return new TenantId(new Guid(id, bigEndian: true));
    }

    /// <summary>Whether the tenant is that of a roll-up log, the present one or one before.</summary>
    internal static bool Is(Guid tenant)
    {
        Span<byte> id = stackalloc byte[16];
        tenant.TryWriteBytes(id, bigEndian: true, out _);
        return tenant == First || id[..14].SequenceEqual(Restarted);
    }

    internal static TenantScope ScopeOf(int number) => new(TenantOf(number), Actor.System(Job), OwnerReach.All, null);
}
