namespace Backoffice.Invoicing.Pdf;

internal enum Style
{
    Plain,
    Quiet,
    Strong,
    Title,
}

/// <summary>Pages that are written from top to bottom; a new one begins where something doesn't fit. Lengths in points.</summary>
internal sealed class Sheet
{
    public const double Left = 50;
    public const double Right = 545;
    public const double Width = Right - Left;
    public const double Leading = 14;
    private const double Height = 842;
    private const double Top = 60;
    private const double Bottom = 780;
    private const string Dark = "0.09 0.11 0.15", Grey = "0.38 0.42 0.48", Pale = "0.80 0.82 0.86";

    private readonly PdfFile file;
    private readonly string footer;

    public Sheet(PdfFile file, string footer)
    {
        (this.file, this.footer) = (file, footer);
        Begin();
    }

    public double At { get; private set; }

    public void Down(double by) => At += by;

    public void To(double at) => At = at;

    /// <summary>Begins a page where the present one has less room than this.</summary>
    public bool NeedsPage(double height)
    {
        if (At + height <= Bottom) return false;
        Begin();
        return true;
    }

    /// <summary>Writes from x to the right; the place stays.</summary>
    public void Text(string text, double x, Style style)
    {
        var (font, size) = Font(style);
        file.Text(text, x, Height - At, font, size, style == Style.Quiet ? Grey : Dark);
    }

    /// <summary>Writes so that the text ends at x; the place stays.</summary>
    public void TextTo(string text, double x, Style style) => Text(text, x - Measure(text, style), style);

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
    public static List<string> Wrap(string text, double width, Style style)
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
        file.Rule(Left, Right, Height - At + 6, Pale);
        Down(10);
    }

    private void Begin()
    {
        file.AddPage();
        file.Text($"{footer} · {file.Pages}", Left, Height - 815, TrueType.Regular, 8, Grey);
        At = Top;
    }

    private static bool Fits(string text, double width, Style style) => Measure(text, style) <= width;

    private static double Measure(string text, Style style)
    {
        var (font, size) = Font(style);
        return font.Width(text, size);
    }

    private static (TrueType Font, double Size) Font(Style style) => style switch
    {
        Style.Strong => (TrueType.Bold, 10),
        Style.Title => (TrueType.Bold, 16),
        _ => (TrueType.Regular, 9),
    };
}
