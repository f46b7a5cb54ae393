using System.Numerics;
using System.Security.Cryptography;

namespace Vouchsafe.Cryptography.Signatures;

/// <summary>
/// Verification of Ed25519 signatures (RFC 8032 §5.1.7) in managed code, so that a proof can be checked on any machine.
/// <para>Strict, where the RFC leaves a choice: s must be below L; A and R must be canonical encodings (§5.1.3); the equation is
/// checked without the cofactor, [s]B = R + [k]A; and A and R must not be of small order, since under such a key a signature
/// holds for many messages. Points with a small-order part are accepted when the equation holds. docs/decisions tells why.</para>
/// </summary>
public static class Ed25519
{
    public const int PublicKeySize = 32;
    public const int SignatureSize = 64;
    public const int SeedSize = 32;

    /// <summary>L = 2^252 + 27742317777372353535851937790883648493 (RFC 8032 §5.1).</summary>
    private static readonly BigInteger Order = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Never throws: whatever is not a valid signature is none.</summary>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (publicKey.Length != PublicKeySize || signature.Length != SignatureSize)
            return false;
        var r = signature[..32];
        var s = signature[32..];
        if (new BigInteger(s, isUnsigned: true) >= Order
            || EdwardsPoint.Decode(publicKey) is not { } a || a.HasSmallOrder
            || EdwardsPoint.Decode(r) is not { } rPoint || rPoint.HasSmallOrder)
            return false;
        var sum = EdwardsPoint.Combine(s, EdwardsPoint.Base, Challenge(r, publicKey, message), -a);
        return r.SequenceEqual(sum.Encode());
    }

    /// <summary>k = SHA-512(R ‖ A ‖ M) mod L.</summary>
    private static byte[] Challenge(ReadOnlySpan<byte> r, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        hash.AppendData(r);
        hash.AppendData(publicKey);
        hash.AppendData(message);
        var reduced = new byte[32];
        (new BigInteger(hash.GetHashAndReset(), isUnsigned: true) % Order).TryWriteBytes(reduced, out _, isUnsigned: true);
        return reduced;
    }
}
