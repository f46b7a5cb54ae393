using System.Security.Cryptography;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Cryptography.Keys;

namespace Vouchsafe.Cryptography.Sealing;

/// <summary>
/// The sealed value of docs/formats/sealed-value.md: AES-256-GCM under a key of its own for each value, committed to its key.
/// <code>version 1 ‖ key id 8 ‖ nonce 24 ‖ commitment 32 ‖ ciphertext ‖ tag 16</code>
/// </summary>
public static class Seal
{
    public const byte Version = 1;
    public const int NonceSize = 24;
    public const int TagSize = 16;

    /// <summary>How much longer than its content a sealed value is.</summary>
    public const int Overhead = HeaderSize + TagSize;

    /// <summary>The longest content, in bytes.</summary>
    public const int LongestContent = 64 * 1024 * 1024;

    private const int NonceAt = 1 + KeyId.Size;
    private const int CommitmentAt = NonceAt + NonceSize;
    private const int HeaderSize = CommitmentAt + Digest.Size;

    public static byte[] Protect(SecretKey key, ReadOnlySpan<byte> content, ReadOnlySpan<byte> associatedData)
    {
        Span<byte> nonce = stackalloc byte[NonceSize];
        RandomNumberGenerator.Fill(nonce);
        return Protect(key, content, associatedData, nonce);
    }

    public static byte[] Protect(SecretKey key, ReadOnlySpan<byte> content, AssociatedData associatedData) =>
        Protect(key, content, associatedData.Bytes);

    /// <summary>With a nonce from bytes that were drawn together with others: <see cref="NonceSize"/> of them are taken.</summary>
    public static byte[] Protect(SecretKey key, ReadOnlySpan<byte> content, AssociatedData associatedData, ref FreshBytes fresh) =>
        Protect(key, content, associatedData.Bytes, fresh.Take(NonceSize));

    /// <exception cref="SealException">Malformed, of another key, or altered; nothing of the content is returned then.</exception>
    public static byte[] Open(SecretKey key, ReadOnlySpan<byte> sealedValue, ReadOnlySpan<byte> associatedData)
    {
        if (sealedValue.Length is < Overhead or > LongestContent + Overhead || sealedValue[0] != Version)
            throw new SealException(SealFault.Malformed);
        Span<byte> keys = stackalloc byte[2 * Digest.Size];
        Schedule(key, sealedValue.Slice(NonceAt, NonceSize), keys);
        try
        {
            if (KeyId.From(sealedValue[1..]) != key.Id
                || !CryptographicOperations.FixedTimeEquals(sealedValue.Slice(CommitmentAt, Digest.Size), keys[Digest.Size..]))
                throw new SealException(SealFault.WrongKey);
            using var cipher = new AesGcm(keys[..Digest.Size], TagSize);
            var content = new byte[sealedValue.Length - Overhead];
            cipher.Decrypt(MessageNonce, sealedValue[HeaderSize..^TagSize], sealedValue[^TagSize..], content, associatedData);
            return content;
        }
        catch (AuthenticationTagMismatchException)
        {
            throw new SealException(SealFault.Altered);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(keys);
        }
    }

    /// <inheritdoc cref="Open(SecretKey, ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    public static byte[] Open(SecretKey key, ReadOnlySpan<byte> sealedValue, AssociatedData associatedData) =>
        Open(key, sealedValue, associatedData.Bytes);

    /// <summary>The id of the key that the value says it is sealed under.</summary>
    /// <exception cref="SealException">Malformed.</exception>
    public static KeyId KeyOf(ReadOnlySpan<byte> sealedValue) =>
        sealedValue.Length >= Overhead && sealedValue[0] == Version
            ? KeyId.From(sealedValue[1..])
            : throw new SealException(SealFault.Malformed);

    /// <summary>With the nonce given: for the worked example of the format alone. A nonce must never be used twice.</summary>
    internal static byte[] Protect(SecretKey key, ReadOnlySpan<byte> content, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> nonce)
    {
        if (content.Length > LongestContent)
            throw new ArgumentException($"More than {LongestContent} bytes can't be sealed as one value.", nameof(content));
        var output = new byte[content.Length + Overhead];
        Span<byte> keys = stackalloc byte[2 * Digest.Size];
        Schedule(key, nonce, keys);
        output[0] = Version;
        key.Id.CopyTo(output.AsSpan(1));
        nonce.CopyTo(output.AsSpan(NonceAt));
        keys[Digest.Size..].CopyTo(output.AsSpan(CommitmentAt));
        using (var cipher = new AesGcm(keys[..Digest.Size], TagSize))
            cipher.Encrypt(MessageNonce, content, output.AsSpan(HeaderSize, content.Length), output.AsSpan(output.Length - TagSize), associatedData);
        CryptographicOperations.ZeroMemory(keys);
        return output;
    }

    /// <summary>Each message key serves one message, so GCM's own nonce can stand still.</summary>
    private static ReadOnlySpan<byte> MessageNonce => new byte[12];

    /// <summary>Message key ‖ commitment = HKDF-Expand(key, label ‖ nonce, 64), RFC 5869 §2.3, written out for its speed.</summary>
    private static void Schedule(SecretKey key, ReadOnlySpan<byte> nonce, Span<byte> keys)
    {
        var label = "vouchsafe/seal/v1"u8;
        Span<byte> input = stackalloc byte[Digest.Size + label.Length + NonceSize + 1];
        var info = input[Digest.Size..];
        label.CopyTo(info);
        nonce.CopyTo(info[label.Length..]);
        info[^1] = 1;
        var first = HmacSha256.Hash(key.Bytes, info);
        first.Bytes.CopyTo(keys);
        first.Bytes.CopyTo(input);
        info[^1] = 2;
        HmacSha256.Hash(key.Bytes, input).Bytes.CopyTo(keys[Digest.Size..]);
        CryptographicOperations.ZeroMemory(input);
    }
}
