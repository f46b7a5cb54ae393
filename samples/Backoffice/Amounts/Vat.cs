namespace Backoffice.Amounts;

/// <summary>What a line costs before VAT.</summary>
/// <param name="Net">Rounded to cents, as it is printed.</param>
/// <param name="Rate">VAT in percent.</param>
internal readonly record struct Taxed(decimal Net, decimal Rate);

/// <summary>One row of a document's VAT summary.</summary>
/// <param name="Rate">Percent.</param>
/// <param name="Net">Sum of the lines with this rate.</param>
/// <param name="Tax">VAT on that sum.</param>
public sealed record VatRow(decimal Rate, decimal Net, decimal Tax);

/// <summary>A document's sums, in its currency.</summary>
public sealed record Totals(decimal Net, decimal Vat, IReadOnlyList<VatRow> Rates)
{
    public decimal Gross => Net + Vat;
}

/// <summary>
/// VAT is computed on the sum of each rate and rounded once, half away from zero; computed line by line the cents
/// of many small lines would drift from what the summary says (Directive 2006/112/EC, article 226, asks for the amount payable per rate).
/// </summary>
internal static class Vat
{
    public static decimal LineNet(decimal quantity, decimal unitPrice) => Cents(quantity * unitPrice);

    public static Totals Of(IEnumerable<Taxed> lines)
    {
        VatRow[] rates =
        [
            .. lines.GroupBy(line => line.Rate)
                .Select(group => (Rate: group.Key, Net: group.Sum(line => line.Net)))
                .OrderByDescending(group => group.Rate)
                .Select(group => new VatRow(group.Rate, group.Net, Cents(group.Net * group.Rate / 100m))),
        ];
        return new Totals(rates.Sum(row => row.Net), rates.Sum(row => row.Tax), rates);
    }

    public static decimal Cents(decimal amount) => Math.Round(amount, 2, MidpointRounding.AwayFromZero);
}
