using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Vouchsafe.Cryptography.Native;

namespace Vouchsafe.Cryptography.Hashing;

/// <summary>
/// SHA-256 (FIPS 180-4) for many short messages. The framework's one-shot call goes through OpenSSL's provider layer, which costs
/// several times the hash of a hundred bytes; libcrypto's own block function is called here where it is found and agrees with
/// the framework, and the framework elsewhere. Either way the same digests.
/// </summary>
public static unsafe class Sha256
{
    public const int BlockSize = 64;

    /// <summary>Longer than this, the framework's call costs nothing to speak of, and a native call must not hold the collector up.</summary>
    private const int LongestShort = 4096;

    private static readonly delegate* unmanaged[SuppressGCTransition]<State*, byte*, nuint, int> Update = FindUpdate();

    /// <summary>Whether libcrypto's block function is in use.</summary>
    public static bool IsNative => Update != null;

    public static Digest Hash(ReadOnlySpan<byte> message)
    {
        Digest digest = default;
        if (Update == null || message.Length > LongestShort)
        {
            SHA256.HashData(message, MemoryMarshal.AsBytes(new Span<Digest>(ref digest)));
            return digest;
        }
        State state;
        Start(&state);
        var whole = message.Length & ~(BlockSize - 1);
        var tail = stackalloc byte[2 * BlockSize];
        fixed (byte* start = message)
        {
            if (whole > 0)
                Update(&state, start, (nuint)whole);
            Finish(&state, message[whole..], tail, (ulong)message.Length);
        }
        Store(&state, MemoryMarshal.AsBytes(new Span<Digest>(ref digest)));
        return digest;
    }

    internal static void Start(State* state)
    {
        *state = default;
        state->H0 = 0x6a09e667;
        state->H1 = 0xbb67ae85;
        state->H2 = 0x3c6ef372;
        state->H3 = 0xa54ff53a;
        state->H4 = 0x510e527f;
        state->H5 = 0x9b05688c;
        state->H6 = 0x1f83d9ab;
        state->H7 = 0x5be0cd19;
        state->DigestSize = Digest.Size;
    }

    internal static void Blocks(State* state, byte* blocks, int count) => Update(state, blocks, (nuint)count * BlockSize);

    /// <summary>Pads (FIPS 180-4 §5.1.1) what is left of a message of <paramref name="length"/> bytes and hashes it.</summary>
    internal static void Finish(State* state, ReadOnlySpan<byte> rest, byte* tail, ulong length)
    {
        var padded = new Span<byte>(tail, 2 * BlockSize);
        rest.CopyTo(padded);
        padded[rest.Length..].Clear();
        padded[rest.Length] = 0x80;
        var size = rest.Length + 9 > BlockSize ? 2 * BlockSize : BlockSize;
        BinaryPrimitives.WriteUInt64BigEndian(padded[(size - 8)..], length * 8);
        Update(state, tail, (nuint)size);
    }

    internal static void Store(State* state, Span<byte> digest)
    {
        var words = &state->H0;
        for (var i = 0; i < 8; i++)
            BinaryPrimitives.WriteUInt32BigEndian(digest[(4 * i)..], words[i]);
    }

    /// <summary>libcrypto's SHA256_CTX. Only whole blocks are ever handed over, so that nothing is buffered in it.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct State
    {
        public uint H0, H1, H2, H3, H4, H5, H6, H7, LengthLow, LengthHigh;
        public fixed uint Buffer[16];
        public uint Buffered, DigestSize;
    }

    private static delegate* unmanaged[SuppressGCTransition]<State*, byte*, nuint, int> FindUpdate()
    {
        if (!LibCrypto.TryGet("SHA256_Update", out var address))
            return null;
        var found = (delegate* unmanaged[SuppressGCTransition]<State*, byte*, nuint, int>)address;
        // The layout above is that of every OpenSSL since 0.9.8; another library under the same name must prove itself.
        var block = stackalloc byte[BlockSize];
        new Span<byte>(block, BlockSize).Clear();
        block[0] = 0x80;
        State state;
        Start(&state);
        var answer = found(&state, block, BlockSize);
        Span<byte> empty = stackalloc byte[Digest.Size];
        Store(&state, empty);
        return answer == 1 && empty.SequenceEqual(SHA256.HashData([])) ? found : null;
    }
}
