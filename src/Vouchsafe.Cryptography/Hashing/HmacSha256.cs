using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Vouchsafe.Cryptography.Hashing;

/// <summary>HMAC-SHA256 (RFC 2104) for short messages; see <see cref="Sha256"/> for why it is not the framework's alone.</summary>
public static unsafe class HmacSha256
{
    /// <summary>Up to here the message is copied to the stack beside the padded key.</summary>
    private const int LongestShort = 512;

    public static Digest Hash(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message)
    {
        Digest digest = default;
        var output = MemoryMarshal.AsBytes(new Span<Digest>(ref digest));
        if (!Sha256.IsNative || key.Length > Sha256.BlockSize || message.Length > LongestShort)
        {
            HMACSHA256.HashData(key, message, output);
            return digest;
        }
        var buffer = stackalloc byte[Sha256.BlockSize + LongestShort];
        var tail = stackalloc byte[2 * Sha256.BlockSize];
        var whole = new Span<byte>(buffer, Sha256.BlockSize + LongestShort);
        Pad(whole, key, 0x36);
        message.CopyTo(whole[Sha256.BlockSize..]);
        Run(buffer, whole[..(Sha256.BlockSize + message.Length)], tail, output);
        Pad(whole, key, 0x5c);
        output.CopyTo(whole[Sha256.BlockSize..]);
        Run(buffer, whole[..(Sha256.BlockSize + Digest.Size)], tail, output);
        CryptographicOperations.ZeroMemory(whole[..Sha256.BlockSize]);
        return digest;
    }

    private static void Pad(Span<byte> block, ReadOnlySpan<byte> key, byte with)
    {
        block[..Sha256.BlockSize].Fill(with);
        for (var i = 0; i < key.Length; i++)
            block[i] ^= key[i];
    }

    private static void Run(byte* start, ReadOnlySpan<byte> message, byte* tail, Span<byte> output)
    {
        Sha256.State state;
        Sha256.Start(&state);
        var blocks = message.Length / Sha256.BlockSize;
        Sha256.Blocks(&state, start, blocks);
        Sha256.Finish(&state, message[(blocks * Sha256.BlockSize)..], tail, (ulong)message.Length);
        Sha256.Store(&state, output);
    }
}
