using System.Buffers.Binary;

namespace Vouchsafe.Cryptography.Signatures;

/// <summary>
/// An element of the field of 2^255 − 19 in five limbs of 51 bits. Used on public data only (verification), so nothing here
/// tries to take the same time for each value.
/// </summary>
internal readonly struct FieldElement
{
    private const ulong Mask = (1UL << 51) - 1;

    private readonly ulong a, b, c, d, e;

    private FieldElement(ulong a, ulong b, ulong c, ulong d, ulong e)
    {
        this.a = a;
        this.b = b;
        this.c = c;
        this.d = d;
        this.e = e;
    }

    public static FieldElement Zero => default;

    public static FieldElement One => From(1);

    public bool IsZero => Encode().AsSpan().IndexOfAnyExcept((byte)0) < 0;

    /// <summary>RFC 8032 §5.1.2: the least significant bit of the encoding.</summary>
    public bool IsOdd => (Encode()[0] & 1) == 1;

    public static FieldElement From(uint value) => new(value, 0, 0, 0, 0);

    /// <summary>Reads 32 bytes, little-endian, without their top bit; null where the value is not below 2^255 − 19.</summary>
    public static FieldElement? Decode(ReadOnlySpan<byte> bytes)
    {
        var w0 = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        var w1 = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        var w2 = BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]);
        var w3 = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]) & (ulong.MaxValue >> 1);
        if (w3 == ulong.MaxValue >> 1 && w2 == ulong.MaxValue && w1 == ulong.MaxValue && w0 >= ulong.MaxValue - 18)
            return null;
        return new(
            w0 & Mask,
            ((w0 >> 51) | (w1 << 13)) & Mask,
            ((w1 >> 38) | (w2 << 26)) & Mask,
            ((w2 >> 25) | (w3 << 39)) & Mask,
            w3 >> 12);
    }

    /// <summary>The canonical 32 bytes.</summary>
    public byte[] Encode()
    {
        var t = Carried(a, b, c, d, e);
        // t is below 2^255 + a little; adding 19 tells whether p must still be taken off.
        var q = (t.a + 19) >> 51;
        q = (t.b + q) >> 51;
        q = (t.c + q) >> 51;
        q = (t.d + q) >> 51;
        q = (t.e + q) >> 51;
        var l0 = t.a + (19 * q);
        var l1 = t.b + (l0 >> 51);
        var l2 = t.c + (l1 >> 51);
        var l3 = t.d + (l2 >> 51);
        var l4 = (t.e + (l3 >> 51)) & Mask;
        l0 &= Mask;
        l1 &= Mask;
        l2 &= Mask;
        l3 &= Mask;
        var bytes = new byte[32];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, l0 | (l1 << 51));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), (l1 >> 13) | (l2 << 38));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), (l2 >> 26) | (l3 << 25));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(24), (l3 >> 39) | (l4 << 12));
        return bytes;
    }

    public static FieldElement operator +(in FieldElement x, in FieldElement y) =>
        Carried(x.a + y.a, x.b + y.b, x.c + y.c, x.d + y.d, x.e + y.e);

    /// <summary>Adds 16 p first, so that no limb goes below zero.</summary>
    public static FieldElement operator -(in FieldElement x, in FieldElement y) => Carried(
        x.a + (16 * (Mask - 18)) - y.a,
        x.b + (16 * Mask) - y.b,
        x.c + (16 * Mask) - y.c,
        x.d + (16 * Mask) - y.d,
        x.e + (16 * Mask) - y.e);

    public static FieldElement operator -(in FieldElement x) => Zero - x;

    public static FieldElement operator *(in FieldElement x, in FieldElement y)
    {
        ulong b19 = y.b * 19, c19 = y.c * 19, d19 = y.d * 19, e19 = y.e * 19;
        var r0 = Wide(x.a, y.a) + Wide(x.b, e19) + Wide(x.c, d19) + Wide(x.d, c19) + Wide(x.e, b19);
        var r1 = Wide(x.a, y.b) + Wide(x.b, y.a) + Wide(x.c, e19) + Wide(x.d, d19) + Wide(x.e, c19);
        var r2 = Wide(x.a, y.c) + Wide(x.b, y.b) + Wide(x.c, y.a) + Wide(x.d, e19) + Wide(x.e, d19);
        var r3 = Wide(x.a, y.d) + Wide(x.b, y.c) + Wide(x.c, y.b) + Wide(x.d, y.a) + Wide(x.e, e19);
        var r4 = Wide(x.a, y.e) + Wide(x.b, y.d) + Wide(x.c, y.c) + Wide(x.d, y.b) + Wide(x.e, y.a);
        r1 += (ulong)(r0 >> 51);
        r2 += (ulong)(r1 >> 51);
        r3 += (ulong)(r2 >> 51);
        r4 += (ulong)(r3 >> 51);
        var low = ((ulong)r0 & Mask) + (19 * (ulong)(r4 >> 51));
        return new(low & Mask, ((ulong)r1 & Mask) + (low >> 51), (ulong)r2 & Mask, (ulong)r3 & Mask, (ulong)r4 & Mask);
    }

    public FieldElement Square() => this * this;

    /// <summary>x^(p − 2).</summary>
    public FieldElement Invert()
    {
        // 2^255 − 21: 250 ones, then 01011.
        var r = PowerOfOnes(250);
        r = r.Square();
        r = r.Square() * this;
        r = r.Square();
        r = r.Square() * this;
        return r.Square() * this;
    }

    /// <summary>x^((p − 5) / 8) = x^(2^252 − 3): 250 ones, then 01.</summary>
    public FieldElement RootPower() => PowerOfOnes(250).Square().Square() * this;

    /// <summary>x^((p − 1) / 4) = x^(2^253 − 5): 250 ones, then 011.</summary>
    public FieldElement QuarterPower()
    {
        var r = PowerOfOnes(250).Square();
        r = r.Square() * this;
        return r.Square() * this;
    }

    public bool Equals(in FieldElement other) => (this - other).IsZero;

    /// <summary>x^(2^n − 1).</summary>
    private FieldElement PowerOfOnes(int n)
    {
        var r = this;
        for (var i = 1; i < n; i++)
            r = r.Square() * this;
        return r;
    }

    private static UInt128 Wide(ulong x, ulong y)
    {
        var high = Math.BigMul(x, y, out var low);
        return new UInt128(high, low);
    }

    private static FieldElement Carried(ulong a, ulong b, ulong c, ulong d, ulong e)
    {
        b += a >> 51;
        c += b >> 51;
        d += c >> 51;
        e += d >> 51;
        a = (a & Mask) + (19 * (e >> 51));
        b &= Mask;
        b += a >> 51;
        return new(a & Mask, b, c & Mask, d & Mask, e & Mask);
    }
}
