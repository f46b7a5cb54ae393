using Backoffice.Invoicing;
using Backoffice.Orders;
using Backoffice.Paging;
using Backoffice.Tests.Databases;
using Vouchsafe.Postgres.Errors;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Backoffice.Tests.Invoicing;

public sealed class IssuingTests(BackofficeDatabase database) : IClassFixture<BackofficeDatabase>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Twenty_who_issue_at_once_get_twenty_numbers_in_a_row()
    {
        var scope = BackofficeDatabase.AdministratorOf(database.NewTenant(), database.NewUser());
        var customer = await database.CustomerAsync(scope);
        var orders = new List<Guid>();
        for (var n = 0; n < 20; n++) orders.Add(await database.ConfirmedAsync(scope, customer.Id));
        // Half of the orders are asked for twice: the second is refused, and takes no number.
        var issued = await Task.WhenAll(orders.Concat(orders.Take(10)).Select(order => database.Get<InvoiceIssuing>().IssueAsync(scope, order, Cancel)));

        var year = database.Time.GetUtcNow().Year;
        Assert.Equal(10, issued.Count(one => one.Outcome == IssueOutcome.WrongState));
        Assert.Equal(
            Enumerable.Range(1, 20).Select(n => $"INV-{year:0000}-{n:00000}"),
            issued.Where(one => one.Outcome == IssueOutcome.Done).Select(one => one.Number!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_number_that_was_rolled_back_is_given_again()
    {
        var scope = BackofficeDatabase.AdministratorOf(database.NewTenant(), database.NewUser());
        var customer = await database.CustomerAsync(scope);
        var first = await database.ConfirmedAsync(scope, customer.Id);
        await using (var session = database.Database.Tenant(scope))
        {
            await session.BeginAsync(Cancel);
            Assert.Equal(1, await Backoffice.Numbering.NumberSeries.TakeAsync(session, Backoffice.Numbering.NumberSeries.Invoices(database.Time.GetUtcNow().Year), Cancel));
            await session.RollbackAsync(Cancel);
        }
        var (_, number) = await database.Get<InvoiceIssuing>().IssueAsync(scope, first, Cancel);
        Assert.EndsWith("-00001", number, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Vat_is_rounded_once_for_each_rate()
    {
        var scope = BackofficeDatabase.AdministratorOf(database.NewTenant(), database.NewUser());
        var customer = await database.CustomerAsync(scope);
        // Three lines of 0.33 at 24 %: 0.24 on the sum, though 0.08 a line would also be 0.24; 0.05 at 9 % three times: 0.01 on the sum, 0.00 a line.
        var order = await database.ConfirmedAsync(scope, customer.Id, (1, 0.33m, 24m), (1, 0.33m, 24m), (1, 0.33m, 24m), (1, 0.05m, 9m), (1, 0.05m, 9m), (1, 0.05m, 9m));
        var (_, number) = await database.Get<InvoiceIssuing>().IssueAsync(scope, order, Cancel);
        var invoice = await database.Get<InvoiceReading>().FindAsync(scope, number!, Cancel);
        Assert.Equal((1.14m, 0.25m, 1.39m), (invoice!.Summary.Net, invoice.Summary.Vat, invoice.Summary.Gross));
        Assert.Equal([(24m, 0.99m, 0.24m), (9m, 0.15m, 0.01m)], invoice.Document.Rates.Select(row => (row.Rate, row.Net, row.Tax)));
    }

    [Fact]
    public async Task An_invoice_is_cancelled_once_by_a_credit_note_over_all_of_it()
    {
        var scope = BackofficeDatabase.AdministratorOf(database.NewTenant(), database.NewUser());
        var customer = await database.CustomerAsync(scope);
        var order = await database.ConfirmedAsync(scope, customer.Id, (3, 19.99m, 24m));
        var (_, number) = await database.Get<InvoiceIssuing>().IssueAsync(scope, order, Cancel);
        var cancelled = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => database.Get<InvoiceIssuing>().CancelAsync(scope, number!, Cancel)));

        var note = Assert.Single(cancelled, one => one.Outcome == IssueOutcome.Done).Number!;
        Assert.Equal(3, cancelled.Count(one => one.Outcome == IssueOutcome.WrongState));
        var both = (await database.Get<InvoiceReading>().ListAsync(scope, new PageQuery(10, null, null), null, Cancel)).Items;
        Assert.Equal(0m, both.Sum(document => document.Gross));
        Assert.Equal(note, Assert.Single(both, document => document.Number == number).CancelledBy);
        Assert.Equal(IssueOutcome.WrongState, (await database.Get<InvoiceIssuing>().CancelAsync(scope, note, Cancel)).Outcome);
    }

    [Theory]
    [InlineData("update backoffice.invoices set net = 0 where tenant_id = $1")]
    [InlineData("delete from backoffice.invoices where tenant_id = $1")]
    public async Task An_issued_document_can_not_be_changed_by_the_application(string statement)
    {
        var scope = BackofficeDatabase.AdministratorOf(database.NewTenant(), database.NewUser());
        await using var session = database.Database.Tenant(scope);
        var refused = await Assert.ThrowsAsync<DatabaseRefusedException>(() => session.ExecuteAsync(statement, [scope.Tenant], Cancel));
        Assert.Equal(Refusal.Denied, refused.Refusal);
    }

    [Fact]
    public async Task A_draft_is_not_invoiced()
    {
        var scope = BackofficeDatabase.AdministratorOf(database.NewTenant(), database.NewUser());
        var order = await database.DraftAsync(scope, (await database.CustomerAsync(scope)).Id);
        Assert.Equal(IssueOutcome.WrongState, (await database.Get<InvoiceIssuing>().IssueAsync(scope, order.Summary.Id, Cancel)).Outcome);
        Assert.Equal(OrderState.Draft, (await database.Get<OrderReading>().FindAsync(scope, order.Summary.Id, Cancel))!.Summary.State);
    }
}
