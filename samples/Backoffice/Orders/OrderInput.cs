using System.Globalization;
using Backoffice.Amounts;
using Backoffice.Checking;
using Vouchsafe.Hosting.Problems;

namespace Backoffice.Orders;

/// <summary>An order as somebody writes it.</summary>
/// <param name="Currency">ISO 4217.</param>
/// <param name="OrderedOn">Null: today.</param>
/// <param name="Version">When changing: the version that was read.</param>
public sealed record OrderInput(
    Guid CustomerId, IReadOnlyList<OrderLineInput> Lines, string Currency = "EUR", string Reference = "", DateOnly? OrderedOn = null, int? Version = null)
{
    public const int MostLines = 200;

    /// <summary>The greatest sum of an order before VAT: with it, and with VAT of 100 %, every column still holds.</summary>
    public const decimal MostNet = 1_000_000_000m;

    /// <summary>Tidied and checked; what is wrong is in <paramref name="checks"/>.</summary>
    internal OrderInput Check(Checks checks)
    {
        checks.Demand(CustomerId != Guid.Empty, "customerId", "Can't be empty.", FieldCode.Required);
        checks.Demand(Lines.Count is >= 1 and <= MostLines, "lines", $"1 to {MostLines} lines.", FieldCode.Required);
        var currency = checks.Line(Currency, "currency", 3).ToUpperInvariant();
        checks.Demand(currency.Length == 3 && currency.All(char.IsAsciiLetterUpper), "currency", "Three letters (ISO 4217): EUR, USD.");
        checks.Demand(OrderedOn is null || OrderedOn.Value.Year is >= 2000 and < 2100, "orderedOn", "A date from 2000 to 2099.");
        var lines = Lines.Take(MostLines).Select((line, at) => line.Check(checks, "lines[" + at.ToString(CultureInfo.InvariantCulture) + "].")).ToArray();
        var tidy = this with { Lines = lines, Currency = currency, Reference = checks.Line(Reference, "reference", 200) };
        if (checks.Passed) checks.Demand(tidy.Sums().Net <= MostNet, "lines", "The sum is too large.");
        return tidy;
    }

    internal Totals Sums() => Vat.Of(Lines.Select(line => new Taxed(line.Net, line.VatRate)));
}

/// <param name="Quantity">Up to 3 decimals.</param>
/// <param name="UnitPrice">Before VAT, in cents at the finest.</param>
/// <param name="VatRate">Percent, up to 2 decimals.</param>
public sealed record OrderLineInput(string Description, decimal Quantity, decimal UnitPrice, decimal VatRate, string Unit = "pcs")
{
    internal decimal Net => Vat.LineNet(Quantity, UnitPrice);

    internal OrderLineInput Check(Checks checks, string prefix) => new(
        checks.Line(Description, prefix + "description", 500, required: true),
        checks.Number(Quantity, prefix + "quantity", 0.001m, 1_000_000m, 3),
        checks.Number(UnitPrice, prefix + "unitPrice", 0m, 100_000_000m, 2),
        checks.Number(VatRate, prefix + "vatRate", 0m, 99.99m, 2),
        checks.Line(Unit, prefix + "unit", 20));
}
