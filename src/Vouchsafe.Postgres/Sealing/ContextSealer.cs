using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Postgres.Sealing;

/// <summary>Seals a scope into the context that the database verifies.</summary>
/// <remarks>
/// Its clock is the machine's, not the application's: the expiry is judged by the server's clock. Nodes and server must agree to within
/// <see cref="Lifetime"/> less <see cref="Reuse"/>; the start-up guard looks.
/// </remarks>
internal sealed class ContextSealer(IContextKeys keys, TimeProvider clock)
{
    /// <summary>How long a context is good for the beginning of a transaction.</summary>
    internal static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    /// <summary>How long a node goes on handing out one it has sealed.</summary>
    internal static readonly TimeSpan Reuse = TimeSpan.FromSeconds(15);

    private const int MessageSize = 8 + 16 + 16 + 1;
    private static readonly DateTimeOffset Epoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private const int MostKept = 20_000;

    private readonly ConcurrentDictionary<(Guid Tenant, Guid Actor, OwnerReach Reach), Sealed> _kept = new();
    private Key? _key;

    private sealed record Key(short Id, byte[] Bytes, DateTimeOffset LookAgain);

    private readonly record struct Sealed(string Context, long Until, short KeyId);

    /// <summary>True where the current key's id must be asked for before the next seal.</summary>
    internal bool NeedsKey => Volatile.Read(ref _key) is not { } key || key.LookAgain <= clock.GetUtcNow();

    internal void Use(short id)
    {
        var known = Volatile.Read(ref _key);
        var bytes = known?.Id == id ? known.Bytes : keys.Derive(id);
        Volatile.Write(ref _key, new Key(id, bytes, clock.GetUtcNow() + SealKeyTable.Refresh));
    }

    internal string Seal(TenantScope scope)
    {
        if (scope.Tenant == default)
            throw new ArgumentException("A session needs a tenant.", nameof(scope));
        var key = Volatile.Read(ref _key) ?? throw new InvalidOperationException("No key was chosen yet.");
        var about = (scope.Tenant.Value, scope.Actor.Id, scope.Reach);
        var now = clock.GetUtcNow();
        if (_kept.TryGetValue(about, out var kept) && kept.Until > now.ToUnixTimeMilliseconds() && kept.KeyId == key.Id)
            return kept.Context;

        // Dropping all at once is rare and cheap: each is remade in some microseconds.
        if (_kept.Count >= MostKept)
            _kept.Clear();
        var context = Seal(key.Bytes, scope.Tenant.Value, scope.Actor.Id, scope.Reach, now + Lifetime);
        _kept[about] = new Sealed(context, (now + Reuse).ToUnixTimeMilliseconds(), key.Id);
        return context;
    }

    /// <summary>The hexadecimal of <c>expiry 8 ‖ tenant 16 ‖ actor 16 ‖ reach 1 ‖ HMAC-SHA256 of these 32</c>; of fixed length, so that nothing in it can be read two ways.</summary>
    internal static string Seal(byte[] key, Guid tenant, Guid actor, OwnerReach reach, DateTimeOffset expiry)
    {
        Span<byte> context = stackalloc byte[MessageSize + HMACSHA256.HashSizeInBytes];
        // As PostgreSQL writes moments: microseconds since 2000.
        BinaryPrimitives.WriteInt64BigEndian(context, (expiry - Epoch).Ticks / TimeSpan.TicksPerMicrosecond);
        tenant.TryWriteBytes(context[8..], bigEndian: true, out _);
        actor.TryWriteBytes(context[24..], bigEndian: true, out _);
        context[40] = reach == OwnerReach.All ? (byte)1 : (byte)0;
        HMACSHA256.HashData(key, context[..MessageSize], context[MessageSize..]);
        return Convert.ToHexStringLower(context);
    }
}
