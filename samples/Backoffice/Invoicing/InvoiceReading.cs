using System.Text.Json;
using Backoffice.Paging;
using Npgsql;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Backoffice.Invoicing;

/// <summary>Reads invoices and credit notes, of the orders that the caller may see.</summary>
internal sealed class InvoiceReading(IDatabase database)
{
    internal const string Summary =
        "i.invoice_id, i.number, i.kind, i.order_id, i.customer_id, i.customer, i.currency, i.net, i.vat, i.gross, i.issued_on, i.due_on, x.number";

    internal const string From =
        "backoffice.invoices i left join backoffice.invoices x on x.tenant_id = i.tenant_id and x.cancels_id = i.invoice_id";

    /// <summary>The newest first.</summary>
    public async Task<Page<InvoiceSummary>> ListAsync(TenantScope scope, PageQuery query, Guid? order, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(scope);
        var rows = await session.ListAsync(
            $"""
            select {Summary} from {From}
            where i.tenant_id = $1
              and ($2::text is null or (i.issued_on, i.number) < (select last.issued_on, last.number from backoffice.invoices last where last.tenant_id = $1 and last.number = $2))
              and ($3::text is null or i.customer ilike $3 or i.number ilike $3) and ($4::uuid is null or i.order_id = $4)
            order by i.issued_on desc, i.number desc limit $5
            """,
            [scope.Tenant, query.After, query.Pattern, order, query.Limit + 1], ReadSummary, cancellationToken);
        return Page<InvoiceSummary>.Of(rows, query.Limit, invoice => invoice.Number);
    }

    public async Task<Invoice?> FindAsync(TenantScope scope, string number, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(scope);
        return await FindAsync(session, number, cancellationToken);
    }

    public static Task<Invoice?> FindAsync(TenantSession session, string number, CancellationToken cancellationToken) =>
        session.SingleOrDefaultAsync($"select {Summary}, i.document from {From} where i.tenant_id = $1 and i.number = $2", [session.Scope.Tenant, number],
            row => new Invoice(ReadSummary(row), JsonSerializer.Deserialize<InvoiceDocument>(row.GetString(13), JsonSerializerOptions.Web)!), cancellationToken);

    private static InvoiceSummary ReadSummary(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetString(2) == "invoice" ? InvoiceKind.Invoice : InvoiceKind.CreditNote, row.GetGuid(3), row.GetGuid(4), row.GetString(5), row.GetString(6),
        row.GetDecimal(7), row.GetDecimal(8), row.GetDecimal(9), row.GetFieldValue<DateOnly>(10), row.GetFieldValue<DateOnly>(11), row.IsDBNull(12) ? null : row.GetString(12));
}
