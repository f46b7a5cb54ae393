using System.Diagnostics;
using Backoffice.Amounts;
using Backoffice.Invoicing;
using Backoffice.Invoicing.Pdf;
using Backoffice.Orders;
using Xunit;

namespace Backoffice.Tests.Invoicing;

public sealed class PdfTests
{
    [Fact]
    public async Task Another_reader_finds_every_line_and_sum()
    {
        var lines = Enumerable.Range(1, 60).Select(n => new OrderLine(n, $"Õmblusmasin Ґанок №{n} with a description that needs more than one row in its column", n, "pcs", 10.5m, 24m, 10.5m * n)).ToArray();
        var invoice = Of(lines);
        var text = await TextAsync(InvoicePdf.Draw(invoice));
        Assert.Contains("Invoice INV-2026-00042", text, StringComparison.Ordinal);
        Assert.Contains("Kalda Tööriistad OÜ", text, StringComparison.Ordinal);
        foreach (var n in Enumerable.Range(1, 60)) Assert.Contains($"Ґанок №{n} ", text, StringComparison.Ordinal);
        Assert.Contains("19,215.00", text, StringComparison.Ordinal);
        Assert.Contains("4,611.60", text, StringComparison.Ordinal);
        Assert.Contains("Total EUR", text, StringComparison.Ordinal);
        Assert.Contains("23,826.60", text, StringComparison.Ordinal);
        Assert.True(text.Count(character => character == '\f') >= 3, "Sixty lines take three pages.");
    }

    [Fact]
    public async Task A_word_wider_than_its_column_is_broken()
    {
        var word = new string('W', 500);
        var text = await TextAsync(InvoicePdf.Draw(Of([new OrderLine(1, word, 1, "pcs", 1, 0, 1)])));
        Assert.Equal(500, text.Count(character => character == 'W'));
    }

    private static Invoice Of(OrderLine[] lines)
    {
        var totals = Vat.Of(lines.Select(line => new Taxed(line.Net, line.VatRate)));
        return new Invoice(
            new InvoiceSummary(Guid.Empty, "INV-2026-00042", InvoiceKind.Invoice, Guid.Empty, Guid.Empty, "Tamm OÜ", "EUR", totals.Net, totals.Vat, totals.Gross, new DateOnly(2026, 3, 1), new DateOnly(2026, 3, 15), null),
            new InvoiceDocument("Kalda Tööriistad OÜ", new Buyer("Tamm OÜ", "Mari Tamm", "Lai 1", "51005", "Tartu", "EE", "EE100"), "7", "PO 12", null, lines, totals.Rates));
    }

    private static async Task<string> TextAsync(byte[] pdf)
    {
        // Debian has it in poppler-utils; ./test installs it.
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, pdf, TestContext.Current.CancellationToken);
            using var reader = Process.Start(new ProcessStartInfo("pdftotext", ["-layout", "-enc", "UTF-8", file, "-"]) { RedirectStandardOutput = true })!;
            var text = await reader.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await reader.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, reader.ExitCode);
            return text;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
