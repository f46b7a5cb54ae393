using System.Globalization;

namespace Backoffice.Invoicing.Pdf;

/// <summary>Draws a document on A4 pages.</summary>
internal static class InvoicePdf
{
    public static byte[] Draw(Invoice invoice)
    {
        // The document's own date, so that the same document is drawn the same tomorrow.
        var file = new PdfFile(Title(invoice), invoice.Summary.IssuedOn);
        var sheet = new Sheet(file, $"{invoice.Document.Seller} · {invoice.Summary.Number}");
        Head(sheet, invoice);
        Lines(sheet, invoice);
        Sums(sheet, invoice);
        return file.Save();
    }

    private static string Title(Invoice invoice) => (invoice.Summary.Kind == InvoiceKind.Invoice ? "Invoice " : "Credit note ") + invoice.Summary.Number;

    private static void Head(Sheet sheet, Invoice invoice)
    {
        var (summary, document) = invoice;
        sheet.Text(document.Seller, Sheet.Left, Style.Strong);
        sheet.Down(44);
        string[] buyer =
        [
            document.Buyer.Name, document.Buyer.ContactName, document.Buyer.Street,
            $"{document.Buyer.PostalCode} {document.Buyer.City}".Trim(), document.Buyer.Country,
            document.Buyer.VatNumber == "" ? "" : "VAT " + document.Buyer.VatNumber,
        ];
        (string Label, string Value)[] facts =
        [
            ("Number", summary.Number), ("Issued", Day(summary.IssuedOn)), ("Due", Day(summary.DueOn)), ("Order", document.OrderNumber),
            ("Reference", document.Reference), ("Cancels", document.Cancels ?? ""),
        ];
        var top = sheet.At;
        foreach (var line in buyer.Where(line => line != ""))
            sheet.Line(line, Sheet.Left, 250, Style.Plain);
        var below = sheet.At;
        sheet.To(top);
        foreach (var (label, value) in facts.Where(fact => fact.Value != ""))
        {
            sheet.Text(label, 340, Style.Quiet);
            sheet.Line(value, 410, Sheet.Right - 410, Style.Plain);
        }
        sheet.To(Math.Max(below, sheet.At) + 30);
        sheet.Line(Title(invoice), Sheet.Left, Sheet.Width, Style.Title);
        sheet.Down(14);
    }

    private static void Lines(Sheet sheet, Invoice invoice)
    {
        Headings(sheet);
        foreach (var line in invoice.Document.Lines)
        {
            var text = Sheet.Wrap(line.Description, 230, Style.Plain);
            if (sheet.NeedsPage(text.Count * Sheet.Leading + 6)) Headings(sheet);
            sheet.Text(line.Position.ToString(CultureInfo.InvariantCulture), Sheet.Left, Style.Quiet);
            sheet.TextTo(Quantity(line.Quantity) + " " + line.Unit, 370, Style.Plain);
            sheet.TextTo(Money(line.UnitPrice), 435, Style.Plain);
            sheet.TextTo(Rate(line.VatRate), 480, Style.Plain);
            sheet.TextTo(Money(line.Net), Sheet.Right, Style.Plain);
            foreach (var part in text) sheet.Line(part, 75, 230, Style.Plain);
            sheet.Down(4);
        }
    }

    private static void Headings(Sheet sheet)
    {
        sheet.Text("Description", 75, Style.Quiet);
        sheet.TextTo("Quantity", 370, Style.Quiet);
        sheet.TextTo("Price", 435, Style.Quiet);
        sheet.TextTo("VAT", 480, Style.Quiet);
        sheet.TextTo("Net", Sheet.Right, Style.Quiet);
        sheet.Down(Sheet.Leading);
        sheet.Rule();
    }

    private static void Sums(Sheet sheet, Invoice invoice)
    {
        var summary = invoice.Summary;
        sheet.NeedsPage((invoice.Document.Rates.Count + 3) * Sheet.Leading + 30);
        sheet.Rule();
        Sum(sheet, "Net", summary.Net, Style.Plain);
        foreach (var row in invoice.Document.Rates) Sum(sheet, $"VAT {Rate(row.Rate)} on {Money(row.Net)}", row.Tax, Style.Plain);
        sheet.Down(4);
        Sum(sheet, "Total " + summary.Currency, summary.Gross, Style.Strong);
    }

    private static void Sum(Sheet sheet, string label, decimal amount, Style style)
    {
        sheet.TextTo(label, 460, style);
        sheet.TextTo(Money(amount), Sheet.Right, style);
        sheet.Down(Sheet.Leading);
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Money(decimal amount) => amount.ToString("#,##0.00", CultureInfo.InvariantCulture);

    private static string Quantity(decimal quantity) => quantity.ToString("#,##0.###", CultureInfo.InvariantCulture);

    private static string Rate(decimal rate) => rate.ToString("0.##", CultureInfo.InvariantCulture) + " %";
}
