namespace Vouchsafe.Cryptography.Signatures;

/// <summary>A point of edwards25519 (RFC 8032 §5.1) in extended coordinates: x = X/Z, y = Y/Z, xy = T/Z.</summary>
internal readonly struct EdwardsPoint
{
    private static readonly FieldElement D = -FieldElement.From(121665) * FieldElement.From(121666).Invert();
    private static readonly FieldElement TwiceD = D + D;
    private static readonly FieldElement RootOfMinusOne = FieldElement.From(2).QuarterPower();

    private readonly FieldElement x, y, z, t;

    private EdwardsPoint(in FieldElement x, in FieldElement y, in FieldElement z, in FieldElement t)
    {
        this.x = x;
        this.y = y;
        this.z = z;
        this.t = t;
    }

    public static EdwardsPoint Identity { get; } = new(FieldElement.Zero, FieldElement.One, FieldElement.One, FieldElement.Zero);

    /// <summary>y = 4/5, x even.</summary>
    public static EdwardsPoint Base { get; } =
        Decode((FieldElement.From(4) * FieldElement.From(5).Invert()).Encode()) ?? throw new InvalidOperationException("The base point is on the curve.");

    /// <summary>RFC 8032 §5.1.3, to the letter: null for y ≥ p, for a y without x, and for x = 0 with the sign bit set.</summary>
    public static EdwardsPoint? Decode(ReadOnlySpan<byte> bytes)
    {
        if (FieldElement.Decode(bytes) is not { } y)
            return null;
        var square = y.Square();
        var u = square - FieldElement.One;
        var v = (D * square) + FieldElement.One;
        var v3 = v.Square() * v;
        var x = u * v3 * (u * v3.Square() * v).RootPower();
        var check = v * x.Square();
        if (!check.Equals(u))
        {
            if (!check.Equals(-u))
                return null;
            x *= RootOfMinusOne;
        }
        var odd = (bytes[31] & 0x80) != 0;
        if (odd && x.IsZero)
            return null;
        if (x.IsOdd != odd)
            x = -x;
        return new EdwardsPoint(x, y, FieldElement.One, x * y);
    }

    public byte[] Encode()
    {
        var inverse = z.Invert();
        var bytes = (y * inverse).Encode();
        if ((x * inverse).IsOdd)
            bytes[31] |= 0x80;
        return bytes;
    }

    /// <summary>Whether the point's order divides 8.</summary>
    public bool HasSmallOrder
    {
        get
        {
            var eightfold = Double().Double().Double();
            return eightfold.x.IsZero && eightfold.y.Equals(eightfold.z);
        }
    }

    public static EdwardsPoint operator -(in EdwardsPoint p) => new(-p.x, p.y, p.z, -p.t);

    /// <summary>Hisil, Wong, Carter, Dawson 2008 §3.1: complete, so that no case is special.</summary>
    public static EdwardsPoint operator +(in EdwardsPoint p, in EdwardsPoint q)
    {
        var a = (p.y - p.x) * (q.y - q.x);
        var b = (p.y + p.x) * (q.y + q.x);
        var c = p.t * TwiceD * q.t;
        var d = (p.z + p.z) * q.z;
        FieldElement e = b - a, f = d - c, g = d + c, h = b + a;
        return new(e * f, g * h, f * g, e * h);
    }

    public EdwardsPoint Double()
    {
        var a = x.Square();
        var b = y.Square();
        var c = z.Square();
        var h = a + b;
        var e = h - (x + y).Square();
        var g = a - b;
        var f = c + c + g;
        return new(e * f, g * h, f * g, e * h);
    }

    /// <summary>[m]p + [n]q; the scalars are 32 bytes, little-endian.</summary>
    public static EdwardsPoint Combine(ReadOnlySpan<byte> m, in EdwardsPoint p, ReadOnlySpan<byte> n, in EdwardsPoint q)
    {
        var both = p + q;
        var sum = Identity;
        for (var bit = 255; bit >= 0; bit--)
        {
            sum = sum.Double();
            var inM = (m[bit >> 3] >> (bit & 7) & 1) == 1;
            var inN = (n[bit >> 3] >> (bit & 7) & 1) == 1;
            if (inM)
                sum += inN ? both : p;
            else if (inN)
                sum += q;
        }
        return sum;
    }
}
