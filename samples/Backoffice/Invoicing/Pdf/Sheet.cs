using PdfSharp;
using PdfSharp.Drawing;
using PdfSharp.Pdf;

namespace Backoffice.Invoicing.Pdf;

internal enum Style
{
    Plain,
    Quiet,
    Strong,
    Title,
}

/// <summary>Pages that are written from top to bottom; a new one begins where something doesn't fit. Lengths in points.</summary>
internal sealed class Sheet : IDisposable
{
    public const double Left = 50;
    public const double Right = 545;
    public const double Width = Right - Left;
    public const double Leading = 14;
    private const double Top = 60;
    private const double Bottom = 780;

    private readonly PdfDocument document;
    private readonly string footer;
    private readonly XFont plain = new(DejaVu.Family, 9), strong = new(DejaVu.Family, 10, XFontStyleEx.Bold), title = new(DejaVu.Family, 16, XFontStyleEx.Bold), small = new(DejaVu.Family, 8);
    private readonly XBrush dark = new XSolidBrush(XColor.FromArgb(24, 28, 38)), grey = new XSolidBrush(XColor.FromArgb(98, 106, 122));
    private XGraphics graphics;

    public Sheet(PdfDocument document, string footer)
    {
        (this.document, this.footer) = (document, footer);
        graphics = Begin();
    }

    public double At { get; private set; }

    public void Down(double by) => At += by;

    public void To(double at) => At = at;

    /// <summary>Begins a page where the present one has less room than this.</summary>
    public bool NeedsPage(double height)
    {
        if (At + height <= Bottom) return false;
        graphics.Dispose();
        graphics = Begin();
        return true;
    }

    /// <summary>Writes from x to the right; the place stays.</summary>
    public void Text(string text, double x, Style style) => graphics.DrawString(text, Font(style), Brush(style), x, At);

    /// <summary>Writes so that the text ends at x; the place stays.</summary>
    public void TextTo(string text, double x, Style style) => graphics.DrawString(text, Font(style), Brush(style), x - graphics.MeasureString(text, Font(style)).Width, At);

    /// <summary>Writes, wrapped to the width, and goes below.</summary>
    public void Line(string text, double x, double width, Style style)
    {
        foreach (var part in Wrap(text, width, style))
        {
            Text(part, x, style);
            Down(style == Style.Title ? 20 : Leading);
        }
    }

    /// <summary>Breaks at blanks, and within a word that is wider than the column.</summary>
    public List<string> Wrap(string text, double width, Style style)
    {
        var lines = new List<string>();
        var line = "";
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var rest = word;
            if (line != "" && !Fits(line + " " + rest, width, style))
            {
                lines.Add(line);
                line = "";
            }
            while (line == "" && !Fits(rest, width, style) && rest.Length > 1)
            {
                var cut = Enumerable.Range(1, rest.Length - 1).Last(length => length == 1 || Fits(rest[..length], width, style));
                if (cut > 1 && char.IsHighSurrogate(rest[cut - 1])) cut--;
                lines.Add(rest[..cut]);
                rest = rest[cut..];
            }
            line = line == "" ? rest : line + " " + rest;
        }
        if (line != "" || lines.Count == 0) lines.Add(line);
        return lines;
    }

    public void Rule()
    {
        graphics.DrawLine(new XPen(XColor.FromArgb(205, 210, 220), 0.7), Left, At - 6, Right, At - 6);
        Down(10);
    }

    public void Dispose() => graphics.Dispose();

    private XGraphics Begin()
    {
        var page = document.AddPage();
        page.Size = PageSize.A4;
        var begun = XGraphics.FromPdfPage(page);
        begun.DrawString($"{footer} · {document.PageCount}", small, grey, Left, 815);
        At = Top;
        return begun;
    }

    private bool Fits(string text, double width, Style style) => graphics.MeasureString(text, Font(style)).Width <= width;

    private XFont Font(Style style) => style switch
    {
        Style.Strong => strong,
        Style.Title => title,
        _ => plain,
    };

    private XBrush Brush(Style style) => style == Style.Quiet ? grey : dark;
}
