using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Vouchsafe.Cryptography.Hashing;

/// <summary>
/// The compression function of SHA-256 (FIPS 180-4 §6.2.2) over sixteen messages at once, one in each lane of AVX-512. A single message
/// gains nothing by it; many short ones take a third of the time.
/// </summary>
internal static class Sha256Lanes
{
    public const int Count = 16;

    /// <summary>Words of a block, over all lanes.</summary>
    public const int WordsOfBlock = 16 * Count;

    private static readonly uint[] Start = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

    private static readonly uint[] Constants =
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    public static bool IsSupported => Avx512F.IsSupported;

    public static void Begin(Span<Vector512<uint>> state)
    {
        for (var i = 0; i < 8; i++)
            state[i] = Vector512.Create(Start[i]);
    }

    /// <param name="state">Eight words.</param>
    /// <param name="block">Sixteen words, each for all lanes; used up.</param>
    [SkipLocalsInit]
    public static void Compress(Span<Vector512<uint>> state, Span<Vector512<uint>> block)
    {
        var (a, b, c, d, e, f, g, h) = (state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7]);
        ref var w = ref MemoryMarshal.GetReference(block);
        ref var k = ref MemoryMarshal.GetArrayDataReference(Constants);
        for (var round = 0; ; round += 16)
        {
            // Eight rounds bring each variable back to its own name.
            for (var i = 0; i < 16; i += 8)
            {
                var at = round + i;
                var t = First(h, e, f, g, Unsafe.Add(ref w, i), Unsafe.Add(ref k, at)); d += t; h = t + Second(a, b, c);
                t = First(g, d, e, f, Unsafe.Add(ref w, i + 1), Unsafe.Add(ref k, at + 1)); c += t; g = t + Second(h, a, b);
                t = First(f, c, d, e, Unsafe.Add(ref w, i + 2), Unsafe.Add(ref k, at + 2)); b += t; f = t + Second(g, h, a);
                t = First(e, b, c, d, Unsafe.Add(ref w, i + 3), Unsafe.Add(ref k, at + 3)); a += t; e = t + Second(f, g, h);
                t = First(d, a, b, c, Unsafe.Add(ref w, i + 4), Unsafe.Add(ref k, at + 4)); h += t; d = t + Second(e, f, g);
                t = First(c, h, a, b, Unsafe.Add(ref w, i + 5), Unsafe.Add(ref k, at + 5)); g += t; c = t + Second(d, e, f);
                t = First(b, g, h, a, Unsafe.Add(ref w, i + 6), Unsafe.Add(ref k, at + 6)); f += t; b = t + Second(c, d, e);
                t = First(a, f, g, h, Unsafe.Add(ref w, i + 7), Unsafe.Add(ref k, at + 7)); e += t; a = t + Second(b, c, d);
            }
            if (round == 48)
                break;
            for (var i = 0; i < 16; i++)
                Unsafe.Add(ref w, i) += Small(Unsafe.Add(ref w, (i + 1) & 15), 7, 18, 3) + Unsafe.Add(ref w, (i + 9) & 15) + Small(Unsafe.Add(ref w, (i + 14) & 15), 17, 19, 10);
        }
        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }

    /// <summary>h + Σ1(e) + Ch(e, f, g) + K + W.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> First(Vector512<uint> h, Vector512<uint> e, Vector512<uint> f, Vector512<uint> g, Vector512<uint> w, uint k) =>
        h + (w + Vector512.Create(k)) + Xor(Avx512F.RotateRight(e, 6), Avx512F.RotateRight(e, 11), Avx512F.RotateRight(e, 25)) + Avx512F.TernaryLogic(e, f, g, 0xCA);

    /// <summary>Σ0(a) + Maj(a, b, c).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Second(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c) =>
        Xor(Avx512F.RotateRight(a, 2), Avx512F.RotateRight(a, 13), Avx512F.RotateRight(a, 22)) + Avx512F.TernaryLogic(a, b, c, 0xE8);

    /// <summary>σ0 and σ1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Small(Vector512<uint> x, [ConstantExpected] byte one, [ConstantExpected] byte two, [ConstantExpected] byte shift) =>
        Xor(Avx512F.RotateRight(x, one), Avx512F.RotateRight(x, two), Avx512F.ShiftRightLogical(x, shift));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Xor(Vector512<uint> one, Vector512<uint> two, Vector512<uint> three) => Avx512F.TernaryLogic(one, two, three, 0x96);
}
