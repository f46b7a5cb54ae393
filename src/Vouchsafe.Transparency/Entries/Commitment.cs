using System.Runtime.InteropServices;
using Vouchsafe.Cryptography.Hashing;

namespace Vouchsafe.Transparency.Entries;

/// <summary>How a leaf commits to values without holding them.</summary>
public static class Commitment
{
    public const int SaltSize = 16;

    /// <summary>The most fields that one group can have.</summary>
    public const int MostFields = 64;

    /// <summary>The longest value, in bytes of UTF-8.</summary>
    public const int LongestValue = 16 * 1024;

    /// <summary>The most bytes that all names and values of one group take together.</summary>
    public const int LongestGroup = 32 * 1024;

    /// <summary>HMAC-SHA256(salt, length of name 1 ‖ name ‖ value).</summary>
    /// <param name="salt">16 random bytes, each used once: without them nobody can try values out.</param>
    /// <param name="nameAndValue">One byte with the name's length, the name, the value.</param>
    internal static Digest Of(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> nameAndValue) => HmacSha256.Hash(salt, nameAndValue);

    /// <summary>As <see cref="Of"/>, among others.</summary>
    internal static int Add(Sha256Batch batch, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> nameAndValue) => batch.AddHmac(salt, nameAndValue);

    /// <summary>As <see cref="Root"/>, among others.</summary>
    internal static int AddRoot(Sha256Batch batch, ReadOnlySpan<Digest> commitments) =>
        batch.Add([2, (byte)commitments.Length], MemoryMarshal.AsBytes(commitments));

    /// <summary>SHA-256(0x02 ‖ number of commitments 1 ‖ commitments). The first byte keeps it apart from leaves and nodes.</summary>
    internal static Digest Root(ReadOnlySpan<Digest> commitments)
    {
        Span<byte> input = stackalloc byte[2 + (MostFields * Digest.Size)];
        input[0] = 2;
        input[1] = (byte)commitments.Length;
        MemoryMarshal.AsBytes(commitments).CopyTo(input[2..]);
        return Sha256.Hash(input[..(2 + (commitments.Length * Digest.Size))]);
    }
}
