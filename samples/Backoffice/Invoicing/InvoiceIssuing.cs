using System.Globalization;
using System.Text.Json;
using Backoffice.Amounts;
using Backoffice.Customers;
using Backoffice.Numbering;
using Backoffice.Orders;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Hosting.Accounts;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Backoffice.Invoicing;

/// <summary>Issues invoices and the credit notes that cancel them. Number, document, the order's state and the trail's entry are one transaction.</summary>
internal sealed class InvoiceIssuing(IDatabase database, ITenantDirectory tenants)
{
    /// <summary>Days until an invoice is due, counted from its issue.</summary>
    private const int DaysToPay = 14;

    /// <summary>Invoices a confirmed order.</summary>
    public async Task<(IssueOutcome Outcome, string? Number)> IssueAsync(TenantScope scope, Guid orderId, CancellationToken cancellationToken)
    {
        var seller = (await tenants.NamesAsync([scope.Tenant], cancellationToken)).GetValueOrDefault(scope.Tenant)?.LegalName ?? "";
        await using var session = database.Tenant(scope);
        await session.BeginAsync(cancellationToken);
        if (await OrderReading.FindAsync(session, orderId, locked: true, cancellationToken) is not { } order) return (IssueOutcome.NotFound, null);
        if (!order.Summary.State.MayBecome(OrderState.Invoiced)) return (IssueOutcome.WrongState, null);
        var customer = await CustomerStore.FindAsync(session, order.Summary.CustomerId, cancellationToken) ?? throw new InvalidOperationException("The order's customer is missing.");
        var totals = Vat.Of(order.Lines.Select(line => new Taxed(line.Net, line.VatRate)));
        var document = new InvoiceDocument(seller,
            new Buyer(customer.Name, customer.ContactName, customer.Street, customer.PostalCode, customer.City, customer.Country, customer.VatNumber),
            order.Summary.Number.ToString(CultureInfo.InvariantCulture), order.Summary.Reference, null, order.Lines, totals.Rates);
        await OrderWriting.MoveAsync(session, order, OrderState.Invoiced, cancellationToken);

        var today = Today(session);
        var number = Text("INV", today, await NumberSeries.TakeAsync(session, NumberSeries.Invoices(today.Year), cancellationToken));
        await session.ExecuteAsync(Insert,
            [scope.Tenant, Guid.CreateVersion7(session.Now), order.Summary.Owner, order.SharedWith.ToArray(), number, "invoice", orderId, customer.Id, null, customer.Name,
                order.Summary.Currency, totals.Net, totals.Vat, today, today.AddDays(DaysToPay), session.Now, JsonSerializer.Serialize(document, JsonSerializerOptions.Web)],
            cancellationToken);
        await session.RecordAsync(new AuditEvent("invoice.issued", new AuditField("number", number), new AuditField("order", orderId.ToString())), cancellationToken);
        await session.CommitAsync(cancellationToken);
        return (IssueOutcome.Done, number);
    }

    /// <summary>Cancels an invoice by a credit note over all of it. The order stays invoiced: what was delivered under it is a new order.</summary>
    public async Task<(IssueOutcome Outcome, string? Number)> CancelAsync(TenantScope scope, string number, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(scope);
        await session.BeginAsync(cancellationToken);
        if (await InvoiceReading.FindAsync(session, number, cancellationToken) is not { } invoice) return (IssueOutcome.NotFound, null);
        // An invoice can't be locked, as nobody may update it. Its order can: the second of two cancellations waits here and then sees the first.
        if (await OrderReading.FindAsync(session, invoice.Summary.OrderId, locked: true, cancellationToken) is not { } order) return (IssueOutcome.NotFound, null);
        invoice = await InvoiceReading.FindAsync(session, number, cancellationToken) ?? throw new InvalidOperationException("An issued document can't vanish.");
        var was = invoice.Summary;
        if (was.Kind != InvoiceKind.Invoice || was.CancelledBy is not null) return (IssueOutcome.WrongState, null);

        var today = Today(session);
        var note = Text("CN", today, await NumberSeries.TakeAsync(session, NumberSeries.CreditNotes(today.Year), cancellationToken));
        await session.ExecuteAsync(Insert,
            [scope.Tenant, Guid.CreateVersion7(session.Now), order.Summary.Owner, order.SharedWith.ToArray(), note, "credit-note", was.OrderId, was.CustomerId, was.Id, was.Customer,
                was.Currency, -was.Net, -was.Vat, today, today, session.Now, JsonSerializer.Serialize(invoice.Document.Reversed(number), JsonSerializerOptions.Web)],
            cancellationToken);
        await session.RecordAsync(new AuditEvent("invoice.cancelled", new AuditField("number", number), new AuditField("by", note)), cancellationToken);
        await session.CommitAsync(cancellationToken);
        return (IssueOutcome.Done, note);
    }

    internal const string Insert =
        """
        insert into backoffice.invoices
            (tenant_id, invoice_id, owner_id, shared_with, number, kind, order_id, customer_id, cancels_id, customer, currency, net, vat, gross, issued_on, due_on, issued_at, document)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $12 + $13, $14, $15, $16, $17::jsonb)
        """;

    internal static string Text(string series, DateOnly day, long number) => string.Create(CultureInfo.InvariantCulture, $"{series}-{day.Year:0000}-{number:00000}");

    private static DateOnly Today(TenantSession session) => DateOnly.FromDateTime(session.Now.UtcDateTime);
}

internal enum IssueOutcome
{
    Done,
    NotFound,
    WrongState,
}
