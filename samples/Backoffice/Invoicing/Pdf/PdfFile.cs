using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Backoffice.Invoicing.Pdf;

/// <summary>Writes a PDF 1.7 file (ISO 32000-1): pages of text and lines, with the fonts' used glyphs embedded and mapped back to characters.</summary>
internal sealed class PdfFile(string title, DateOnly date)
{
    private readonly List<byte[]> objects = [];
    private readonly List<StringBuilder> pages = [];
    private readonly Dictionary<TrueType, SortedDictionary<ushort, Rune>> used = new() { [TrueType.Regular] = [], [TrueType.Bold] = [] };

    public int Pages => pages.Count;

    public void AddPage() => pages.Add(new StringBuilder());

    /// <param name="x">Points from the left.</param>
    /// <param name="y">Points from the bottom to the line on which the letters stand.</param>
    /// <param name="colour">Red, green and blue from 0 to 1, as PDF writes them.</param>
    public void Text(string text, double x, double y, TrueType font, double size, string colour)
    {
        var codes = new StringBuilder();
        foreach (var character in text.EnumerateRunes())
        {
            var glyph = font.Glyph(character);
            used[font].TryAdd(glyph, character);
            codes.Append(glyph.ToString("X4", CultureInfo.InvariantCulture));
        }
        pages[^1].Append(CultureInfo.InvariantCulture, $"BT {colour} rg /{(font == TrueType.Bold ? "B" : "R")} {size:0.##} Tf {x:0.##} {y:0.##} Td <{codes}> Tj ET\n");
    }

    public void Rule(double from, double to, double y, string colour) =>
        pages[^1].Append(CultureInfo.InvariantCulture, $"0.7 w {colour} RG {from:0.##} {y:0.##} m {to:0.##} {y:0.##} l S\n");

    public byte[] Save()
    {
        const int Root = 1, Tree = 2;
        objects.Clear();
        objects.AddRange([[], []]);
        var fonts = $"<< /R {Font(TrueType.Regular, "VCHSAF+DejaVuSans")} 0 R /B {Font(TrueType.Bold, "VCHSAF+DejaVuSans-Bold")} 0 R >>";
        var kids = pages.Select(page =>
        {
            var content = Stream(Encoding.ASCII.GetBytes(page.ToString()));
            return Add($"<< /Type /Page /Parent {Tree} 0 R /MediaBox [0 0 595 842] /Resources << /Font {fonts} >> /Contents {content} 0 R >>");
        }).ToList();
        objects[Tree - 1] = Ascii($"<< /Type /Pages /Count {kids.Count} /Kids [{string.Join(' ', kids.Select(kid => $"{kid} 0 R"))}] >>");
        objects[Root - 1] = Ascii($"<< /Type /Catalog /Pages {Tree} 0 R /Lang (en) /ViewerPreferences << /DisplayDocTitle true >> >>");
        var info = Add($"<< /Title <FEFF{Hex(title)}> /CreationDate (D:{date:yyyyMMdd}000000Z) >>");

        using var file = new MemoryStream();
        file.Write([.. "%PDF-1.7\n%"u8, 0xE2, 0xE3, 0xCF, 0xD3, (byte)'\n']);
        var places = new List<long>();
        for (var n = 0; n < objects.Count; n++)
        {
            places.Add(file.Position);
            file.Write(Ascii($"{n + 1} 0 obj\n"));
            file.Write(objects[n]);
            file.Write("\nendobj\n"u8);
        }
        var xref = file.Position;
        file.Write(Ascii($"xref\n0 {objects.Count + 1}\n0000000000 65535 f \n"));
        foreach (var place in places) file.Write(Ascii($"{place:0000000000} 00000 n \n"));
        file.Write(Ascii($"trailer\n<< /Size {objects.Count + 1} /Root {Root} 0 R /Info {info} 0 R >>\nstartxref\n{xref}\n%%EOF\n"));
        return file.ToArray();
    }

    private int Font(TrueType font, string name)
    {
        var glyphs = used[font];
        var outlines = font.Subset(glyphs.Keys);
        var program = Stream(outlines, $"/Length1 {outlines.Length} ");
        var descriptor = Add($"<< /Type /FontDescriptor /FontName /{name} /Flags 4 /FontBBox [{string.Join(' ', font.Box)}] /ItalicAngle 0 /Ascent {font.Ascent} /Descent {font.Descent} /CapHeight 729 /StemV 80 /FontFile2 {program} 0 R >>");
        var widths = string.Join(' ', glyphs.Keys.Select(glyph => $"{glyph} [{font.Advance(glyph)}]"));
        var descendant = Add($"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name} /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor {descriptor} 0 R /DW 600 /W [{widths}] /CIDToGIDMap /Identity >>");
        var characters = Stream(Encoding.ASCII.GetBytes(ToUnicode(glyphs)));
        return Add($"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H /DescendantFonts [{descendant} 0 R] /ToUnicode {characters} 0 R >>");
    }

    /// <summary>From glyphs back to characters, so that the text can be searched, copied and read aloud.</summary>
    private static string ToUnicode(SortedDictionary<ushort, Rune> glyphs)
    {
        var map = new StringBuilder(
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def " +
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def 1 begincodespacerange <0000> <FFFF> endcodespacerange\n");
        foreach (var block in glyphs.Chunk(100))
        {
            map.Append(CultureInfo.InvariantCulture, $"{block.Length} beginbfchar\n");
            foreach (var (glyph, character) in block) map.Append(CultureInfo.InvariantCulture, $"<{glyph:X4}> <{Hex(character.ToString())}>\n");
            map.Append("endbfchar\n");
        }
        return map.Append("endcmap CMapName currentdict /CMap defineresource pop end end").ToString();
    }

    private int Stream(byte[] content, string more = "")
    {
        using var packed = new MemoryStream();
        using (var zip = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true)) zip.Write(content);
        objects.Add([.. Ascii($"<< {more}/Filter /FlateDecode /Length {packed.Length} >>\nstream\n"), .. packed.ToArray(), .. "\nendstream"u8]);
        return objects.Count;
    }

    private int Add(FormattableString text)
    {
        objects.Add(Ascii(text));
        return objects.Count;
    }

    private static string Hex(string text) => Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(text));

    private static byte[] Ascii(FormattableString text) => Encoding.ASCII.GetBytes(text.ToString(CultureInfo.InvariantCulture));
}
