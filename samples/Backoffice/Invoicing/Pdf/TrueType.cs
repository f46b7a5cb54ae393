using System.Buffers.Binary;
using System.Text;

namespace Backoffice.Invoicing.Pdf;

/// <summary>A TrueType font from this assembly: what a PDF needs of it (OpenType 1.9, tables head, hhea, hmtx, maxp, cmap, loca, glyf).</summary>
internal sealed class TrueType
{
    private static readonly string[] Kept = ["cvt ", "fpgm", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "prep"];
    private readonly byte[] data;
    private readonly Dictionary<string, (int At, int Length)> tables = new(StringComparer.Ordinal);
    private readonly Dictionary<int, ushort> glyphs = [];
    private readonly int metrics;

    private TrueType(byte[] data)
    {
        this.data = data;
        for (var n = 0; n < U16(4); n++)
        {
            var at = 12 + 16 * n;
            tables[Encoding.ASCII.GetString(data, at, 4)] = ((int)U32(at + 8), (int)U32(at + 12));
        }
        metrics = U16(tables["hhea"].At + 34);
        ReadCharacters();
    }

    public static TrueType Regular { get; } = Read("DejaVuSans.ttf");

    public static TrueType Bold { get; } = Read("DejaVuSans-Bold.ttf");

    public int Ascent => PerThousand(I16(tables["hhea"].At + 4));

    public int Descent => PerThousand(I16(tables["hhea"].At + 6));

    public int[] Box => [.. Enumerable.Range(0, 4).Select(n => PerThousand(I16(tables["head"].At + 36 + 2 * n)))];

    /// <summary>The character's glyph; 0, an empty box, where the font has none.</summary>
    public ushort Glyph(Rune character) => glyphs.GetValueOrDefault(character.Value);

    /// <summary>How far the pen goes on, in thousandths of the size.</summary>
    public int Advance(ushort glyph) => PerThousand(U16(tables["hmtx"].At + 4 * Math.Min(glyph, metrics - 1)));

    public double Width(string text, double size) => text.EnumerateRunes().Sum(character => Advance(Glyph(character))) * size / 1000;

    /// <summary>The font with the outlines of these glyphs alone; each keeps its number.</summary>
    public byte[] Subset(IEnumerable<ushort> used)
    {
        var keep = new HashSet<ushort> { 0 };
        var open = new Queue<ushort>(used);
        while (open.TryDequeue(out var glyph))
            if (keep.Add(glyph))
                foreach (var part in Parts(glyph)) open.Enqueue(part);

        var count = U16(tables["maxp"].At + 4);
        var loca = new byte[4 * (count + 1)];
        using var glyf = new MemoryStream();
        for (var glyph = 0; glyph < count; glyph++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(loca.AsSpan(4 * glyph), (uint)glyf.Length);
            if (!keep.Contains((ushort)glyph)) continue;
            var (at, length) = Outline(glyph);
            glyf.Write(data, at, length);
            while (glyf.Length % 4 != 0) glyf.WriteByte(0);
        }
        BinaryPrimitives.WriteUInt32BigEndian(loca.AsSpan(4 * count), (uint)glyf.Length);
        var head = Table("head");
        BinaryPrimitives.WriteInt16BigEndian(head.AsSpan(50), 1);
        return Assemble(name => name switch
        {
            "glyf" => glyf.ToArray(),
            "loca" => loca,
            "head" => head,
            _ => Table(name),
        });
    }

    private static byte[] Assemble(Func<string, byte[]> table)
    {
        using var file = new MemoryStream();
        var directory = new byte[12 + 16 * Kept.Length];
        BinaryPrimitives.WriteUInt32BigEndian(directory, 0x00010000);
        BinaryPrimitives.WriteUInt16BigEndian(directory.AsSpan(4), (ushort)Kept.Length);
        // Nine tables: search range 8 * 16, entry selector 3, range shift 9 * 16 - 128.
        BinaryPrimitives.WriteUInt16BigEndian(directory.AsSpan(6), 128);
        BinaryPrimitives.WriteUInt16BigEndian(directory.AsSpan(8), 3);
        BinaryPrimitives.WriteUInt16BigEndian(directory.AsSpan(10), 16);
        file.Write(directory);
        for (var n = 0; n < Kept.Length; n++)
        {
            var content = table(Kept[n]);
            var entry = directory.AsSpan(12 + 16 * n, 16);
            Encoding.ASCII.GetBytes(Kept[n], entry);
            var padded = new byte[(content.Length + 3) / 4 * 4];
            content.CopyTo(padded, 0);
            uint sum = 0;
            for (var at = 0; at < padded.Length; at += 4) sum = unchecked(sum + BinaryPrimitives.ReadUInt32BigEndian(padded.AsSpan(at)));
            BinaryPrimitives.WriteUInt32BigEndian(entry[4..], sum);
            BinaryPrimitives.WriteUInt32BigEndian(entry[8..], (uint)file.Length);
            BinaryPrimitives.WriteUInt32BigEndian(entry[12..], (uint)content.Length);
            file.Write(padded);
        }
        file.Position = 0;
        file.Write(directory);
        return file.ToArray();
    }

    /// <summary>The glyphs that a composite one is put together from.</summary>
    private List<ushort> Parts(ushort glyph)
    {
        const int Words = 0x0001, Scale = 0x0008, More = 0x0020, TwoScales = 0x0040, Matrix = 0x0080;
        var parts = new List<ushort>();
        var (at, length) = Outline(glyph);
        if (length == 0 || I16(at) >= 0) return parts;
        int flags;
        at += 10;
        do
        {
            flags = U16(at);
            parts.Add(U16(at + 2));
            at += 4 + ((flags & Words) != 0 ? 4 : 2) + ((flags & Scale) != 0 ? 2 : (flags & TwoScales) != 0 ? 4 : (flags & Matrix) != 0 ? 8 : 0);
        }
        while ((flags & More) != 0);
        return parts;
    }

    private (int At, int Length) Outline(int glyph)
    {
        var (loca, glyf) = (tables["loca"].At, tables["glyf"].At);
        var (from, to) = I16(tables["head"].At + 50) == 0
            ? (2 * U16(loca + 2 * glyph), 2 * U16(loca + 2 * glyph + 2))
            : ((int)U32(loca + 4 * glyph), (int)U32(loca + 4 * glyph + 4));
        return (glyf + from, to - from);
    }

    /// <summary>The Windows subtable of the basic plane, format 4.</summary>
    private void ReadCharacters()
    {
        var cmap = tables["cmap"].At;
        var entry = Enumerable.Range(0, U16(cmap + 2)).Select(n => cmap + 4 + 8 * n).First(at => U16(at) == 3 && U16(at + 2) == 1);
        var table = cmap + (int)U32(entry + 4);
        var twice = U16(table + 6);
        for (var at = table + 14; at < table + 14 + twice; at += 2)
        {
            var (end, start, delta, range) = (U16(at), U16(at + 2 + twice), U16(at + 2 + 2 * twice), at + 2 + 3 * twice);
            for (int character = start; character <= end && character != 0xFFFF; character++)
            {
                var glyph = U16(range) == 0 ? character : U16(range + U16(range) + 2 * (character - start));
                if (glyph != 0) glyphs[character] = (ushort)(glyph + delta);
            }
        }
    }

    private byte[] Table(string name) => data.AsSpan(tables[name].At, tables[name].Length).ToArray();

    private int PerThousand(int units) => (int)Math.Round(units * 1000.0 / U16(tables["head"].At + 18));

    private ushort U16(int at) => BinaryPrimitives.ReadUInt16BigEndian(data.AsSpan(at));

    private short I16(int at) => BinaryPrimitives.ReadInt16BigEndian(data.AsSpan(at));

    private uint U32(int at) => BinaryPrimitives.ReadUInt32BigEndian(data.AsSpan(at));

    private static TrueType Read(string name)
    {
        using var resource = typeof(TrueType).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException("The font is not embedded.");
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return new TrueType(bytes);
    }
}
