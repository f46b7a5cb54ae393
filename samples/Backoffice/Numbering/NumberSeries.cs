using System.Globalization;
using Vouchsafe.Postgres.Sessions;

namespace Backoffice.Numbering;

/// <summary>A tenant's numbers without gaps: whoever takes one holds the series until its transaction ends.</summary>
/// <remarks>Take it as late as the transaction allows: others wait from here to the commit.</remarks>
internal static class NumberSeries
{
    public const string Orders = "order";

    public static string Invoices(int year) => "invoice-" + year.ToString("0000", CultureInfo.InvariantCulture);

    public static string CreditNotes(int year) => "credit-" + year.ToString("0000", CultureInfo.InvariantCulture);

    /// <returns>The next number; 1 where the series is new. A transaction that rolls back gives it back.</returns>
    public static Task<long> TakeAsync(TenantSession session, string series, CancellationToken cancellationToken) =>
        TakeAsync(session, series, 1, cancellationToken);

    /// <returns>The first of <paramref name="count"/> numbers in a row.</returns>
    public static async Task<long> TakeAsync(TenantSession session, string series, int count, CancellationToken cancellationToken)
    {
        // Outside a transaction the number would be taken for good before anything carries it.
        if (!session.InTransaction) throw new InvalidOperationException("A number is taken in the transaction of what it numbers.");
        var last = await session.SingleOrDefaultAsync(
            """
            insert into backoffice.number_series as s (tenant_id, series, last_number) values ($1, $2, $3)
            on conflict (tenant_id, series) do update set last_number = s.last_number + $3
            returning last_number
            """,
            [session.Scope.Tenant, series, (long)count], row => row.GetInt64(0), cancellationToken);
        return last - count + 1;
    }
}
