using System.Text.Json;
using Backoffice.Orders;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Postgres.Sessions;

namespace Backoffice.Demo;

/// <summary>Writes a ledger with a statement a table, in the session's transaction, and with an entry in the trail for each thing.</summary>
internal static class DemoWriting
{
    public static async Task WriteAsync(TenantSession session, DemoLedger ledger, CancellationToken cancellationToken)
    {
        var tenant = session.Scope.Tenant;
        await session.ExecuteBatchAsync(
        [
            new Statement(
                """
                insert into backoffice.customers (tenant_id, customer_id, name, contact_name, email, phone, street, postal_code, city, country, vat_number, created_at, changed_at)
                select $1, r.* from jsonb_to_recordset($2::jsonb) r (i uuid, n text, c text, e text, p text, s text, z text, o text, l text, v text, t timestamptz, u timestamptz)
                """,
                tenant, Json(ledger.Customers.Select(row => new
                {
                    i = row.Id, n = row.Name, c = row.ContactName, e = row.Email, p = row.Phone, s = row.Street, z = row.PostalCode, o = row.City, l = row.Country, v = row.VatNumber, t = row.At, u = row.At,
                }))),
            new Statement(
                """
                insert into backoffice.orders (tenant_id, order_id, owner_id, shared_with, number, customer_id, state, currency, reference, net, vat, ordered_on, created_at, changed_at)
                select $1, i, o, w, n, c, s, 'EUR', r, p, v, d, t, t
                from jsonb_to_recordset($2::jsonb) r (i uuid, o uuid, w uuid[], n bigint, c uuid, s text, r text, p numeric, v numeric, d date, t timestamptz)
                """,
                tenant, Json(ledger.Orders.Select(row => new
                {
                    i = row.Id, o = row.Owner, w = row.SharedWith, n = row.Number, c = row.Customer.Id, s = row.State.Text(), r = row.Reference, p = row.Totals.Net, v = row.Totals.Vat,
                    d = DateOnly.FromDateTime(row.At.UtcDateTime), t = row.At,
                }))),
            new Statement(
                """
                insert into backoffice.order_lines (tenant_id, order_id, position, owner_id, shared_with, description, quantity, unit, unit_price, vat_rate)
                select $1, i, n, o, w, d, q, u, p, v
                from jsonb_to_recordset($2::jsonb) r (i uuid, n smallint, o uuid, w uuid[], d text, q numeric, u text, p numeric, v numeric)
                """,
                tenant, Json(ledger.Orders.SelectMany(row => row.Lines.Select(line => new
                {
                    i = row.Id, n = line.Position, o = row.Owner, w = row.SharedWith, d = line.Description, q = line.Quantity, u = line.Unit, p = line.UnitPrice, v = line.VatRate,
                })))),
            new Statement(
                """
                insert into backoffice.invoices
                    (tenant_id, invoice_id, owner_id, shared_with, number, kind, order_id, customer_id, cancels_id, customer, currency, net, vat, gross, issued_on, due_on, issued_at, document)
                select $1, i, o, w, n, case when x is null then 'invoice' else 'credit-note' end, r, c, x, m, 'EUR', p, v, p + v, d, u, t, j
                from jsonb_to_recordset($2::jsonb) z
                    (i uuid, o uuid, w uuid[], n text, r uuid, c uuid, x uuid, m text, p numeric, v numeric, d date, u date, t timestamptz, j jsonb)
                """,
                tenant, Json(ledger.Invoices.Select(row => new
                {
                    i = row.Id, o = row.Order.Owner, w = row.Order.SharedWith, n = row.Number, r = row.Order.Id, c = row.Order.Customer.Id, x = row.Cancels, m = row.Order.Customer.Name,
                    p = row.Net, v = row.Vat, d = row.IssuedOn, u = row.DueOn, t = row.At, j = row.Document,
                }))),
            new Statement(
                "insert into backoffice.number_series (tenant_id, series, last_number) select $1, s, n from unnest($2::text[], $3::bigint[]) r (s, n)",
                tenant, ledger.Series.Keys.ToArray(), ledger.Series.Values.ToArray()),
        ], cancellationToken);
        await session.RecordManyAsync(Entries(ledger), cancellationToken);
    }

    private static List<AuditEvent> Entries(DemoLedger ledger) =>
    [
        .. ledger.Customers.Select(row => new AuditEvent("customer.created", new AuditField("customer", row.Id.ToString()))),
        .. ledger.Orders.Select(row => new AuditEvent("order.created", new AuditField("order", row.Id.ToString()))),
        .. ledger.Invoices.Select(row => new AuditEvent(row.Cancels is null ? "invoice.issued" : "invoice.cancelled", new AuditField("number", row.Number))),
    ];

    // The web's defaults write documents as they are read again.
    private static string Json<T>(IEnumerable<T> rows) => JsonSerializer.Serialize(rows, JsonSerializerOptions.Web);
}
