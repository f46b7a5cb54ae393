using System.Buffers.Binary;
using System.Security.Cryptography;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Postgres.Sealing;

/// <summary>Seals a scope into the context that the database verifies, for one connection.</summary>
/// <remarks>
/// Its clock is the machine's, not the application's: the expiry is judged by the server's clock. Nodes and server must agree to within
/// <see cref="Lifetime"/> less <see cref="Renewal"/>; the start-up guard looks. Nothing is kept: a seal costs about a microsecond, and the
/// contexts of many tenants on many connections would rarely be asked for twice.
/// </remarks>
/// <param name="lifetime">Other than <see cref="Lifetime"/>, for tests; and likewise <paramref name="renewal"/>.</param>
internal sealed class ContextSealer(IContextKeys keys, TimeProvider clock, TimeSpan? lifetime = null, TimeSpan? renewal = null)
{
    /// <summary>How long after it was sealed a statement may begin under a context.</summary>
    internal static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    /// <summary>The age at which a session in a transaction enters a fresh context before its next statement.</summary>
    internal static readonly TimeSpan Renewal = TimeSpan.FromSeconds(15);

    private const int ContextSize = 8 + 16 + 16 + 1;
    private const int MessageSize = ContextSize + sizeof(int);
    private static readonly DateTimeOffset Epoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private Key? _key;

    private sealed record Key(short Id, byte[] Bytes, DateTimeOffset LookAgain);

    /// <summary>True where the current key's id must be asked for before the next seal.</summary>
    internal bool NeedsKey => Volatile.Read(ref _key) is not { } key || key.LookAgain <= clock.GetUtcNow();

    internal void Use(short id)
    {
        var known = Volatile.Read(ref _key);
        var bytes = known?.Id == id ? known.Bytes : keys.Derive(id);
        Volatile.Write(ref _key, new Key(id, bytes, clock.GetUtcNow() + SealKeyTable.Refresh));
    }

    /// <param name="backend">The process id of the connection's backend.</param>
    /// <returns>The context, and the moment from which a fresh one should take its place.</returns>
    internal (string Context, DateTimeOffset RenewAt) Seal(TenantScope scope, int backend)
    {
        if (scope.Tenant == default)
            throw new ArgumentException("A session needs a tenant.", nameof(scope));
        var key = Volatile.Read(ref _key) ?? throw new InvalidOperationException("No key was chosen yet.");
        var now = clock.GetUtcNow();
        return (Seal(key.Bytes, scope.Tenant.Value, scope.Actor.Id, scope.Reach, scope.ReadOnly, backend, now + (lifetime ?? Lifetime)), now + (renewal ?? Renewal));
    }

    internal bool IsDue(DateTimeOffset renewAt) => clock.GetUtcNow() >= renewAt;

    /// <summary>
    /// The hexadecimal of <c>expiry 8 ‖ tenant 16 ‖ actor 16 ‖ flags 1 ‖ HMAC-SHA256 of these 41 and of the backend's process id, 4</c>;
    /// of fixed length, so that nothing in it can be read two ways. Of the flags, 1 is the reach over all owners' rows, 2 is read-only.
    /// </summary>
    internal static string Seal(byte[] key, Guid tenant, Guid actor, OwnerReach reach, bool readOnly, int backend, DateTimeOffset expiry)
    {
        Span<byte> message = stackalloc byte[MessageSize];
        // As PostgreSQL writes moments: microseconds since 2000.
        BinaryPrimitives.WriteInt64BigEndian(message, (expiry - Epoch).Ticks / TimeSpan.TicksPerMicrosecond);
        tenant.TryWriteBytes(message[8..], bigEndian: true, out _);
        actor.TryWriteBytes(message[24..], bigEndian: true, out _);
        message[40] = (byte)((reach == OwnerReach.All ? 1 : 0) | (readOnly ? 2 : 0));
        BinaryPrimitives.WriteInt32BigEndian(message[ContextSize..], backend);

        Span<byte> context = stackalloc byte[ContextSize + HMACSHA256.HashSizeInBytes];
        message[..ContextSize].CopyTo(context);
        HMACSHA256.HashData(key, message, context[ContextSize..]);
        return Convert.ToHexStringLower(context);
    }
}
