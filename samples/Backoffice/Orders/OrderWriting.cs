using System.Globalization;
using Backoffice.Numbering;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Backoffice.Orders;

/// <summary>Writes orders. Each change and its entry in the trail are one transaction.</summary>
internal sealed class OrderWriting(IDatabase database)
{
    /// <param name="input">Checked.</param>
    /// <param name="owner">Whose order it is.</param>
    /// <returns>The draft; null where there is no such customer.</returns>
    public async Task<Order?> AddAsync(TenantScope scope, OrderInput input, Guid owner, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(scope);
        await session.BeginAsync(cancellationToken);
        if (!await CustomerExistsAsync(session, input.CustomerId, cancellationToken)) return null;
        var now = session.Now;
        var id = Guid.CreateVersion7(now);
        var sums = input.Sums();
        var number = await NumberSeries.TakeAsync(session, NumberSeries.Orders, cancellationToken);
        await session.ExecuteBatchAsync(
        [
            new Statement(
                """
                insert into backoffice.orders (tenant_id, order_id, owner_id, number, customer_id, state, currency, reference, net, vat, ordered_on, created_at, changed_at)
                values ($1, $2, $3, $4, $5, 'draft', $6, $7, $8, $9, $10, $11, $11)
                """,
                scope.Tenant, id, owner, number, input.CustomerId, input.Currency, input.Reference, sums.Net, sums.Vat, input.OrderedOn ?? Today(now), now),
            Lines(scope.Tenant, id, input.Lines),
        ], cancellationToken);
        await RecordAsync(session, new AuditEvent("order.created", Order(id), Number(number)), cancellationToken);
        var order = await OrderReading.FindAsync(session, id, locked: false, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return order;
    }

    /// <summary>Replaces a draft's content.</summary>
    /// <param name="input">Checked; with the version that was read.</param>
    public async Task<OrderChange> ChangeAsync(TenantScope scope, Guid id, OrderInput input, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(scope);
        await session.BeginAsync(cancellationToken);
        if (await OrderReading.FindAsync(session, id, locked: true, cancellationToken) is not { } order) return OrderChange.NoSuchOrder;
        if (order.Summary.State != OrderState.Draft) return OrderChange.WrongState;
        if (order.Version != input.Version) return OrderChange.ChangedMeanwhile;
        if (!await CustomerExistsAsync(session, input.CustomerId, cancellationToken)) return OrderChange.NoSuchCustomer;
        var sums = input.Sums();
        await session.ExecuteBatchAsync(
        [
            new Statement(
                """
                update backoffice.orders set customer_id = $3, currency = $4, reference = $5, net = $6, vat = $7, ordered_on = $8, changed_at = $9, version = version + 1
                where tenant_id = $1 and order_id = $2
                """,
                scope.Tenant, id, input.CustomerId, input.Currency, input.Reference, sums.Net, sums.Vat, input.OrderedOn ?? order.Summary.OrderedOn, session.Now),
            new Statement("select backoffice.remove_lines($1, $2)", scope.Tenant, id),
            Lines(scope.Tenant, id, input.Lines),
        ], cancellationToken);
        await RecordAsync(session, new AuditEvent("order.changed", Order(id), Number(order.Summary.Number)), cancellationToken);
        await session.CommitAsync(cancellationToken);
        return OrderChange.Done;
    }

    public async Task<OrderChange> ConfirmAsync(TenantScope scope, Guid id, CancellationToken cancellationToken) =>
        await MoveAsync(scope, id, OrderState.Confirmed, "order.confirmed", cancellationToken);

    public async Task<OrderChange> CancelAsync(TenantScope scope, Guid id, CancellationToken cancellationToken) =>
        await MoveAsync(scope, id, OrderState.Cancelled, "order.cancelled", cancellationToken);

    /// <summary>Says with whom the order is shared from now on, in place of who it was shared with. Only its owner and administrators may.</summary>
    /// <param name="users">Members of the tenant.</param>
    public async Task<OrderChange> ShareAsync(TenantScope scope, Guid id, IReadOnlyCollection<Guid> users, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(scope);
        await session.BeginAsync(cancellationToken);
        if (await OrderReading.FindAsync(session, id, locked: true, cancellationToken) is not { } order) return OrderChange.NoSuchOrder;
        if (scope.Reach == OwnerReach.Own && order.Summary.Owner != scope.Actor.Id) return OrderChange.NotTheOwner;
        Guid[] with = [.. users.Distinct().Order()];
        await session.ExecuteBatchAsync(
        [
            new Statement("update backoffice.orders set shared_with = $3, changed_at = $4, version = version + 1 where tenant_id = $1 and order_id = $2", scope.Tenant, id, with, session.Now),
            new Statement("update backoffice.order_lines set shared_with = $3 where tenant_id = $1 and order_id = $2", scope.Tenant, id, with),
        ], cancellationToken);
        await RecordAsync(session, new AuditEvent("order.shared", Order(id), Number(order.Summary.Number), new AuditField("with", string.Join(' ', with))), cancellationToken);
        await session.CommitAsync(cancellationToken);
        return OrderChange.Done;
    }

    /// <summary>Moves an order that the session has locked; the caller commits.</summary>
    public static Task MoveAsync(TenantSession session, Order order, OrderState to, CancellationToken cancellationToken) => order.Summary.State.MayBecome(to)
        ? session.ExecuteAsync("update backoffice.orders set state = $3, changed_at = $4, version = version + 1 where tenant_id = $1 and order_id = $2",
            [session.Scope.Tenant, order.Summary.Id, to.Text(), session.Now], cancellationToken)
        : throw new InvalidOperationException("The order can't take this state; the caller looks before it moves.");

    private async Task<OrderChange> MoveAsync(TenantScope scope, Guid id, OrderState to, string what, CancellationToken cancellationToken)
    {
        await using var session = database.Tenant(scope);
        await session.BeginAsync(cancellationToken);
        if (await OrderReading.FindAsync(session, id, locked: true, cancellationToken) is not { } order) return OrderChange.NoSuchOrder;
        if (!order.Summary.State.MayBecome(to)) return OrderChange.WrongState;
        await MoveAsync(session, order, to, cancellationToken);
        await RecordAsync(session, new AuditEvent(what, Order(id), Number(order.Summary.Number)), cancellationToken);
        await session.CommitAsync(cancellationToken);
        return OrderChange.Done;
    }

    private static async Task<bool> CustomerExistsAsync(TenantSession session, Guid customer, CancellationToken cancellationToken) =>
        await session.SingleOrDefaultAsync("select 1 from backoffice.customers where tenant_id = $1 and customer_id = $2", [session.Scope.Tenant, customer], row => row.GetInt32(0), cancellationToken) == 1;

    /// <summary>All lines in one statement, with the owner of their order.</summary>
    private static Statement Lines(TenantId tenant, Guid id, IReadOnlyList<OrderLineInput> lines) => new(
        """
        insert into backoffice.order_lines (tenant_id, order_id, position, owner_id, shared_with, description, quantity, unit, unit_price, vat_rate)
        select o.tenant_id, o.order_id, l.position, o.owner_id, o.shared_with, l.description, l.quantity, l.unit, l.unit_price, l.vat_rate
        from unnest($3::text[], $4::numeric[], $5::text[], $6::numeric[], $7::numeric[]) with ordinality as l (description, quantity, unit, unit_price, vat_rate, position)
        cross join backoffice.orders o where o.tenant_id = $1 and o.order_id = $2
        """,
        tenant, id, lines.Select(line => line.Description).ToArray(), lines.Select(line => line.Quantity).ToArray(), lines.Select(line => line.Unit).ToArray(),
        lines.Select(line => line.UnitPrice).ToArray(), lines.Select(line => line.VatRate).ToArray());

    private static Task RecordAsync(TenantSession session, AuditEvent what, CancellationToken cancellationToken) => session.RecordAsync(what, cancellationToken);

    private static AuditField Order(Guid id) => new("order", id.ToString());

    private static AuditField Number(long number) => new("number", number.ToString(CultureInfo.InvariantCulture));

    private static DateOnly Today(DateTimeOffset now) => DateOnly.FromDateTime(now.UtcDateTime);
}

internal enum OrderChange
{
    Done,
    NoSuchOrder,
    NoSuchCustomer,
    NotTheOwner,
    WrongState,
    ChangedMeanwhile,
}
