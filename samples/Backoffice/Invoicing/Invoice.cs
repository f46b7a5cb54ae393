using Backoffice.Amounts;
using Backoffice.Orders;

namespace Backoffice.Invoicing;

/// <summary>A document as a list shows it.</summary>
/// <param name="Gross">Below zero on a credit note.</param>
/// <param name="CancelledBy">The credit note's number; null where there is none.</param>
public sealed record InvoiceSummary(
    Guid Id, string Number, InvoiceKind Kind, Guid OrderId, Guid CustomerId, string Customer, string Currency,
    decimal Net, decimal Vat, decimal Gross, DateOnly IssuedOn, DateOnly DueOn, string? CancelledBy);

/// <summary>A document as it was issued.</summary>
public sealed record Invoice(InvoiceSummary Summary, InvoiceDocument Document);

public enum InvoiceKind
{
    Invoice,
    CreditNote,
}

/// <summary>What is printed, frozen at the moment of issue: a customer who moves doesn't change yesterday's invoice.</summary>
/// <param name="Cancels">On a credit note: the number of the invoice that it cancels.</param>
public sealed record InvoiceDocument(
    string Seller, Buyer Buyer, string OrderNumber, string Reference, string? Cancels, IReadOnlyList<OrderLine> Lines, IReadOnlyList<VatRow> Rates)
{
    /// <summary>The same document with every amount turned round.</summary>
    public InvoiceDocument Reversed(string cancels) => this with
    {
        Cancels = cancels,
        Lines = [.. Lines.Select(line => line with { Quantity = -line.Quantity, Net = -line.Net })],
        Rates = [.. Rates.Select(row => new VatRow(row.Rate, -row.Net, -row.Tax))],
    };
}

public sealed record Buyer(string Name, string ContactName, string Street, string PostalCode, string City, string Country, string VatNumber);
