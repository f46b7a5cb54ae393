namespace Backoffice.Orders;

/// <summary>An order as a list shows it.</summary>
/// <param name="Number">Counted within the tenant, without gaps.</param>
/// <param name="Owner">Who wrote it; colleagues see it once it is shared with them.</param>
public sealed record OrderSummary(
    Guid Id, long Number, OrderState State, Guid CustomerId, string CustomerName, Guid Owner, string Currency, string Reference,
    DateOnly OrderedOn, decimal Net, decimal Vat, DateTimeOffset ChangedAt)
{
    public decimal Gross => Net + Vat;
}

public sealed record Order(OrderSummary Summary, IReadOnlyList<Guid> SharedWith, DateTimeOffset CreatedAt, int Version, IReadOnlyList<OrderLine> Lines);

/// <param name="UnitPrice">Before VAT, in the order's currency.</param>
/// <param name="VatRate">Percent.</param>
/// <param name="Net">Quantity times price, rounded to cents.</param>
public sealed record OrderLine(int Position, string Description, decimal Quantity, string Unit, decimal UnitPrice, decimal VatRate, decimal Net);

/// <summary>A draft can be changed; a confirmed order can be invoiced or cancelled; the other two are final.</summary>
public enum OrderState
{
    Draft,
    Confirmed,
    Invoiced,
    Cancelled,
}

internal static class OrderStates
{
    /// <summary>As the database has it.</summary>
    public static string Text(this OrderState state) => state switch
    {
        OrderState.Draft => "draft",
        OrderState.Confirmed => "confirmed",
        OrderState.Invoiced => "invoiced",
        _ => "cancelled",
    };

    public static OrderState Parse(string text) => text switch
    {
        "draft" => OrderState.Draft,
        "confirmed" => OrderState.Confirmed,
        "invoiced" => OrderState.Invoiced,
        "cancelled" => OrderState.Cancelled,
        _ => throw new InvalidOperationException("The database holds an order in a state that this version doesn't know."),
    };

    public static bool MayBecome(this OrderState from, OrderState to) => (from, to) is
        (OrderState.Draft, OrderState.Confirmed) or (OrderState.Draft, OrderState.Cancelled)
        or (OrderState.Confirmed, OrderState.Invoiced) or (OrderState.Confirmed, OrderState.Cancelled);
}
