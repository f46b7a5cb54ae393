using System.Globalization;
using System.Text;
using Backoffice.Amounts;
using Backoffice.Invoicing;
using Backoffice.Orders;

namespace Backoffice.Demo;

/// <summary>Two years of a company's business, made up. The same for the same company and day.</summary>
internal sealed class DemoLedger
{
    private const int Days = 730;
    private readonly DemoTenant tenant;
    private readonly Guid[] owners;
    private readonly DateTimeOffset today;
    private readonly Dice dice;
    private readonly Dictionary<string, long> series = new(StringComparer.Ordinal);

    public DemoLedger(DemoTenant tenant, Guid[] owners, DateTimeOffset now)
    {
        (this.tenant, this.owners, dice) = (tenant, owners, new Dice(tenant.Code));
        today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        for (var at = 0; at < tenant.Customers; at++) Customers.Add(Customer());
        for (var at = 0; at < tenant.Orders; at++) Order(today.AddDays((long)at * Days / tenant.Orders - Days + 1).AddHours(8));
    }

    public List<DemoCustomer> Customers { get; } = [];

    public List<DemoOrder> Orders { get; } = [];

    public List<DemoInvoice> Invoices { get; } = [];

    /// <summary>The last number given in each series.</summary>
    public IReadOnlyDictionary<string, long> Series => series;

    private DemoCustomer Customer()
    {
        var (first, last, city) = (dice.Pick(tenant.FirstNames), dice.Pick(tenant.LastNames), dice.Pick(tenant.Cities));
        var name = $"{dice.Pick(tenant.LastNames)} & {last} {dice.Pick(tenant.Trades)} {tenant.Form}";
        var created = today.AddDays(-Days - dice.Roll(365));
        var digits = (100_000_000L + dice.Roll(899_999_999)).ToString(CultureInfo.InvariantCulture);
        return new DemoCustomer(dice.Id(created), name, $"{first} {last}", $"{Ascii(first)}.{Ascii(last)}@{Ascii(last)}-{Ascii(city)}.example", "+00 " + digits[..3] + " " + digits[3..],
            $"{dice.Pick(tenant.LastNames)} {1 + dice.Roll(120)}", (10_000 + dice.Roll(89_999)).ToString(CultureInfo.InvariantCulture), city, tenant.Country, tenant.Country + digits, created);
    }

    private void Order(DateTimeOffset at)
    {
        var lines = Enumerable.Range(1, 1 + dice.Roll(5)).Select(position =>
        {
            var (name, unit, price) = dice.Pick(tenant.Goods);
            decimal quantity = 1 + dice.Roll(price > 100 ? 6 : 40);
            return new OrderLine(position, name, quantity, unit, price, dice.Pick(tenant.VatRates), Vat.LineNet(quantity, price));
        }).ToArray();
        var age = (today - at).TotalDays;
        var state = age > 10 ? (dice.Roll(100) switch { < 84 => OrderState.Invoiced, < 91 => OrderState.Cancelled, _ => OrderState.Confirmed })
            : dice.Chance(50) ? OrderState.Draft : OrderState.Confirmed;
        var owner = dice.Roll(owners.Length);
        var order = new DemoOrder(dice.Id(at), owners[owner], dice.Chance(20) ? [owners[(owner + 1) % owners.Length]] : [], Take("order"), dice.Pick(Customers), state,
            dice.Chance(30) ? $"PO {1000 + dice.Roll(9000)}" : "", lines, Vat.Of(lines.Select(line => new Taxed(line.Net, line.VatRate))), at);
        Orders.Add(order);
        if (state != OrderState.Invoiced) return;
        var invoice = Invoice(order, at.AddDays(3), null);
        if (age > 10 && dice.Chance(2)) Invoice(order, at.AddDays(8), invoice);
    }

    private DemoInvoice Invoice(DemoOrder order, DateTimeOffset at, DemoInvoice? cancels)
    {
        var day = DateOnly.FromDateTime(at.UtcDateTime);
        var (prefix, name) = cancels is null ? ("INV", "invoice") : ("CN", "credit");
        var number = InvoiceIssuing.Text(prefix, day, Take(name + "-" + day.Year.ToString(CultureInfo.InvariantCulture)));
        var buyer = order.Customer;
        var document = cancels?.Document.Reversed(cancels.Number) ?? new InvoiceDocument(tenant.LegalName,
            new Buyer(buyer.Name, buyer.ContactName, buyer.Street, buyer.PostalCode, buyer.City, buyer.Country, buyer.VatNumber),
            order.Number.ToString(CultureInfo.InvariantCulture), order.Reference, null, order.Lines, order.Totals.Rates);
        var sign = cancels is null ? 1 : -1;
        var invoice = new DemoInvoice(dice.Id(at), number, order, cancels?.Id, sign * order.Totals.Net, sign * order.Totals.Vat, day, cancels is null ? day.AddDays(14) : day, at, document);
        Invoices.Add(invoice);
        return invoice;
    }

    private long Take(string name) => series[name] = series.GetValueOrDefault(name) + 1;

    private static string Ascii(string text) => new([.. text.Normalize(NormalizationForm.FormD).ToLowerInvariant().Where(char.IsAsciiLetter)]);
}

internal sealed record DemoCustomer(
    Guid Id, string Name, string ContactName, string Email, string Phone, string Street, string PostalCode, string City, string Country, string VatNumber, DateTimeOffset At);

internal sealed record DemoOrder(
    Guid Id, Guid Owner, Guid[] SharedWith, long Number, DemoCustomer Customer, OrderState State, string Reference, OrderLine[] Lines, Totals Totals, DateTimeOffset At);

internal sealed record DemoInvoice(
    Guid Id, string Number, DemoOrder Order, Guid? Cancels, decimal Net, decimal Vat, DateOnly IssuedOn, DateOnly DueOn, DateTimeOffset At, InvoiceDocument Document);
