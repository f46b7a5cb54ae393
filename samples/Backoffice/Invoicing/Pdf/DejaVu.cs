using PdfSharp.Fonts;

namespace Backoffice.Invoicing.Pdf;

/// <summary>DejaVu Sans from this assembly: the same document on every machine, in Latin, Greek and Cyrillic.</summary>
internal sealed class DejaVu : IFontResolver
{
    public const string Family = "DejaVu Sans";

    public FontResolverInfo? ResolveTypeface(string familyName, bool isBold, bool isItalic) =>
        new(isBold ? "DejaVuSans-Bold.ttf" : "DejaVuSans.ttf");

    public byte[]? GetFont(string faceName)
    {
        using var resource = typeof(DejaVu).Assembly.GetManifestResourceStream(faceName)
            ?? throw new InvalidOperationException("The font is not embedded.");
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }
}
