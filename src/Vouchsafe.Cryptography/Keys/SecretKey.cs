using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Vouchsafe.Cryptography.Hashing;

namespace Vouchsafe.Cryptography.Keys;

/// <summary>A 256-bit secret key. It never prints itself.</summary>
public sealed class SecretKey
{
    public const int Size = 32;

    /// <summary>Purposes are few constants; a caller that makes them up from input shall not fill the memory.</summary>
    private const int MostDerived = 32;

    private readonly byte[] bytes;
    private readonly ConcurrentDictionary<string, SecretKey> derived = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public SecretKey(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
            throw new ArgumentException($"A key has {Size} bytes, not {bytes.Length}.", nameof(bytes));
        this.bytes = GC.AllocateUninitializedArray<byte>(Size, pinned: true);
        bytes.CopyTo(this.bytes);
        Span<byte> id = stackalloc byte[KeyId.Size];
        HKDF.Expand(HashAlgorithmName.SHA256, this.bytes, id, "vouchsafe/key-id/v1"u8);
        Id = KeyId.From(id);
    }

    /// <summary>Tells keys apart without telling anything about them; derived one-way from the key.</summary>
    public KeyId Id { get; }

    public ReadOnlySpan<byte> Bytes => bytes;

    public static SecretKey Generate()
    {
        Span<byte> random = stackalloc byte[Size];
        RandomNumberGenerator.Fill(random);
        var key = new SecretKey(random);
        CryptographicOperations.ZeroMemory(random);
        return key;
    }

    /// <summary>The key for one purpose: HKDF-Expand (RFC 5869 §2.3) with the purpose as info. Purposes are constants of the code.</summary>
    /// <exception cref="ArgumentException">The purpose is empty.</exception>
    public SecretKey Derive(string purpose)
    {
        ArgumentException.ThrowIfNullOrEmpty(purpose);
        if (derived.TryGetValue(purpose, out var key))
            return key;
        Span<byte> output = stackalloc byte[Size];
        HKDF.Expand(HashAlgorithmName.SHA256, bytes, output, Encoding.UTF8.GetBytes("vouchsafe/purpose/v1/" + purpose));
        key = new SecretKey(output);
        CryptographicOperations.ZeroMemory(output);
        return derived.Count < MostDerived ? derived.GetOrAdd(purpose, key) : key;
    }

    /// <summary>HMAC-SHA256 under this key.</summary>
    public Digest Authenticate(ReadOnlySpan<byte> message) => HmacSha256.Hash(bytes, message);

    public override string ToString() => $"key {Id}";
}
