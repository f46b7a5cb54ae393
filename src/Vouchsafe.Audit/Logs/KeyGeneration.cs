using System.Buffers.Binary;
using System.Security.Cryptography;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Cryptography.Keys;

namespace Vouchsafe.Audit.Logs;

/// <summary>A generation of checkpoint keys, one key for each log.</summary>
/// <param name="Number">From 1.</param>
/// <param name="SignsFrom">From when on its keys sign, beside the ones before; whole seconds.</param>
/// <param name="AloneFrom">From when on the ones before don't sign any more; whole seconds.</param>
internal sealed record KeyGeneration(int Number, DateTimeOffset SignsFrom, DateTimeOffset AloneFrom)
{
    public static KeyGeneration First { get; } = new(1, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);

    /// <summary>Only who has the key store can make one.</summary>
    public byte[] Authenticate(KeyRing keys)
    {
        Span<byte> message = stackalloc byte[20];
        BinaryPrimitives.WriteInt32BigEndian(message, Number);
        BinaryPrimitives.WriteInt64BigEndian(message[4..], SignsFrom.ToUnixTimeSeconds());
        BinaryPrimitives.WriteInt64BigEndian(message[12..], AloneFrom.ToUnixTimeSeconds());
        return keys.Derive("checkpoint-keys").Authenticate(message).ToArray();
    }

    public bool IsAuthentic(KeyRing keys, ReadOnlySpan<byte> authentic) => CryptographicOperations.FixedTimeEquals(authentic, Authenticate(keys));
}
