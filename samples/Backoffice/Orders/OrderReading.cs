using Backoffice.Amounts;
using Backoffice.Paging;
using Npgsql;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Backoffice.Orders;

/// <summary>Reads orders: the caller's own and shared ones; all of the tenant's for its administrators. The database decides which.</summary>
internal sealed class OrderReading(IDatabase database)
{
    private const string Summary =
        "o.order_id, o.number, o.state, o.customer_id, c.name, o.owner_id, o.currency, o.reference, o.ordered_on, o.net, o.vat, o.changed_at";

    private const string From =
        "backoffice.orders o join backoffice.customers c on c.tenant_id = o.tenant_id and c.customer_id = o.customer_id";

    /// <summary>The newest first.</summary>
    /// <param name="state">Only orders in this state; null for all.</param>
    /// <param name="customer">Only orders of this customer; null for all.</param>
    public async Task<Page<OrderSummary>> ListAsync(TenantScope scope, PageQuery query, OrderState? state, Guid? customer, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(scope);
        var rows = await session.ListAsync(
            $"""
            select {Summary} from {From}
            where o.tenant_id = $1 and ($2::bigint is null or o.number < $2) and ($3::text is null or o.state = $3) and ($4::uuid is null or o.customer_id = $4)
              and ($5::text is null or c.name ilike $5 or o.reference ilike $5)
            order by o.number desc limit $6
            """,
            [scope.Tenant, query.After is null ? null : Cursor(query.After), state?.Text(), customer, query.Pattern, query.Limit + 1], ReadSummary, cancellationToken);
        return Page<OrderSummary>.Of(rows, query.Limit, order => order.Number.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    public async Task<Order?> FindAsync(TenantScope scope, Guid id, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(scope);
        await session.BeginAsync(cancellationToken);
        return await FindAsync(session, id, locked: false, cancellationToken);
    }

    /// <param name="locked">Nobody else changes it before the transaction ends.</param>
    public static async Task<Order?> FindAsync(TenantSession session, Guid id, bool locked, CancellationToken cancellationToken)
    {
        var order = await session.SingleOrDefaultAsync(
            $"select {Summary}, o.shared_with, o.created_at, o.version from {From} where o.tenant_id = $1 and o.order_id = $2{(locked ? " for update of o" : "")}",
            [session.Scope.Tenant, id],
            row => new Order(ReadSummary(row), row.GetFieldValue<Guid[]>(12), row.GetFieldValue<DateTimeOffset>(13), row.GetInt32(14), []), cancellationToken);
        if (order is null) return null;
        var lines = await session.ListAsync(
            "select position, description, quantity, unit, unit_price, vat_rate from backoffice.order_lines where tenant_id = $1 and order_id = $2 order by position",
            [session.Scope.Tenant, id],
            row => new OrderLine(row.GetInt16(0), row.GetString(1), row.GetDecimal(2), row.GetString(3), row.GetDecimal(4), row.GetDecimal(5), Vat.LineNet(row.GetDecimal(2), row.GetDecimal(4))),
            cancellationToken);
        return order with { Lines = lines };
    }

    /// <summary>A cursor that is none leads behind the last order.</summary>
    private static long Cursor(string text) => long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static OrderSummary ReadSummary(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetInt64(1), OrderStates.Parse(row.GetString(2)), row.GetGuid(3), row.GetString(4), row.GetGuid(5), row.GetString(6), row.GetString(7),
        row.GetFieldValue<DateOnly>(8), row.GetDecimal(9), row.GetDecimal(10), row.GetFieldValue<DateTimeOffset>(11));
}
