using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Backoffice.Overview;

/// <summary>How things stand, among what the caller may see.</summary>
internal sealed class OverviewReading(IDatabase database)
{
    public async Task<Figures> ReadAsync(TenantScope scope, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(scope);
        var today = DateOnly.FromDateTime(session.Now.UtcDateTime);
        var customers = await session.SingleOrDefaultAsync("select count(*) from backoffice.customers where tenant_id = $1", [scope.Tenant], row => row.GetInt64(0), cancellationToken);
        var orders = await session.ListAsync("select state, count(*) from backoffice.orders where tenant_id = $1 group by state", [scope.Tenant],
            row => (State: row.GetString(0), Count: row.GetInt64(1)), cancellationToken);
        var invoiced = await session.ListAsync(
            "select currency, sum(gross) from backoffice.invoices where tenant_id = $1 and issued_on >= $2 group by currency order by 2 desc", [scope.Tenant, new DateOnly(today.Year, today.Month, 1)],
            row => (Currency: row.GetString(0), Gross: row.GetDecimal(1)), cancellationToken);
        long Count(string state) => orders.FirstOrDefault(order => order.State == state).Count;
        return new Figures(customers, Count("draft"), Count("confirmed"), invoiced);
    }
}

/// <param name="Drafts">Orders to confirm.</param>
/// <param name="ToInvoice">Orders confirmed and not invoiced.</param>
/// <param name="ThisMonth">Invoiced since the first of the month, in each currency.</param>
public sealed record Figures(long Customers, long Drafts, long ToInvoice, IReadOnlyList<(string Currency, decimal Gross)> ThisMonth);
