using Backoffice.Orders;
using Backoffice.Paging;
using Backoffice.Tests.Databases;
using Vouchsafe.Postgres.Sessions;
using Xunit;

namespace Backoffice.Tests.Orders;

public sealed class OwnershipTests(BackofficeDatabase database) : IClassFixture<BackofficeDatabase>
{
    private static readonly PageQuery All = new(PageQuery.Most, null, null);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_colleague_sees_an_order_and_its_lines_only_once_it_is_shared()
    {
        var tenant = database.NewTenant();
        var (owner, colleague) = (BackofficeDatabase.UserOf(tenant, database.NewUser()), BackofficeDatabase.UserOf(tenant, database.NewUser()));
        var order = await database.DraftAsync(owner, (await database.CustomerAsync(owner)).Id);
        var (orders, id) = (database.Get<OrderReading>(), order.Summary.Id);

        Assert.Null(await orders.FindAsync(colleague, id, Cancel));
        Assert.Empty((await orders.ListAsync(colleague, All, null, null, Cancel)).Items);
        Assert.Equal(0, await LinesAsync(colleague));
        Assert.Equal(OrderChange.NoSuchOrder, await database.Get<OrderWriting>().ConfirmAsync(colleague, id, Cancel));
        Assert.NotNull(await orders.FindAsync(BackofficeDatabase.AdministratorOf(tenant, database.NewUser()), id, Cancel));

        Assert.Equal(OrderChange.Done, await database.Get<OrderWriting>().ShareAsync(owner, id, [colleague.Actor.Id], Cancel));
        Assert.Single((await orders.FindAsync(colleague, id, Cancel))!.Lines);
        Assert.Equal(OrderChange.NotTheOwner, await database.Get<OrderWriting>().ShareAsync(colleague, id, [], Cancel));

        Assert.Equal(OrderChange.Done, await database.Get<OrderWriting>().ShareAsync(owner, id, [], Cancel));
        Assert.Null(await orders.FindAsync(colleague, id, Cancel));
        Assert.Equal(0, await LinesAsync(colleague));
    }

    [Fact]
    public async Task Another_tenant_sees_nothing_and_changes_nothing()
    {
        var (ours, theirs) = (BackofficeDatabase.AdministratorOf(database.NewTenant(), database.NewUser()), BackofficeDatabase.AdministratorOf(database.NewTenant(), database.NewUser()));
        var customer = await database.CustomerAsync(ours);
        var order = await database.DraftAsync(ours, customer.Id);

        Assert.Null(await database.Get<OrderReading>().FindAsync(theirs, order.Summary.Id, Cancel));
        Assert.Equal(OrderChange.NoSuchOrder, await database.Get<OrderWriting>().CancelAsync(theirs, order.Summary.Id, Cancel));
        // A foreign customer is one that there isn't.
        Assert.Null(await database.Get<OrderWriting>().AddAsync(theirs, new OrderInput(customer.Id, [new("Nail", 1, 1, 24)]), theirs.Actor.Id, Cancel));
        Assert.Equal(OrderState.Draft, (await database.Get<OrderReading>().FindAsync(ours, order.Summary.Id, Cancel))!.Summary.State);
    }

    [Fact]
    public async Task States_go_forward_alone_and_each_step_leaves_an_entry()
    {
        var scope = BackofficeDatabase.AdministratorOf(database.NewTenant(), database.NewUser());
        var order = await database.DraftAsync(scope, (await database.CustomerAsync(scope)).Id);
        var (writing, id) = (database.Get<OrderWriting>(), order.Summary.Id);
        Assert.Equal(2, await EntriesAsync(scope));
        Assert.Equal(OrderChange.Done, await writing.ConfirmAsync(scope, id, Cancel));
        Assert.Equal(OrderChange.WrongState, await writing.ConfirmAsync(scope, id, Cancel));
        Assert.Equal(OrderChange.WrongState, await writing.ChangeAsync(scope, id, new OrderInput(order.Summary.CustomerId, [new("Nail", 1, 1, 24)], Version: 2), Cancel));
        Assert.Equal(OrderChange.Done, await writing.CancelAsync(scope, id, Cancel));
        Assert.Equal(OrderChange.WrongState, await writing.CancelAsync(scope, id, Cancel));
        // Customer, draft, confirmation, cancellation; what was refused left none.
        Assert.Equal(4, await EntriesAsync(scope));
    }

    [Fact]
    public async Task A_draft_changes_only_from_the_version_that_was_read()
    {
        var scope = BackofficeDatabase.AdministratorOf(database.NewTenant(), database.NewUser());
        var order = await database.DraftAsync(scope, (await database.CustomerAsync(scope)).Id);
        var change = new OrderInput(order.Summary.CustomerId, [new("Nail", 100, 0.05m, 24m), new("Board", 2, 7.5m, 24m)], Version: 1);
        Assert.Equal(OrderChange.Done, await database.Get<OrderWriting>().ChangeAsync(scope, order.Summary.Id, change, Cancel));
        Assert.Equal(OrderChange.ChangedMeanwhile, await database.Get<OrderWriting>().ChangeAsync(scope, order.Summary.Id, change, Cancel));
        var now = (await database.Get<OrderReading>().FindAsync(scope, order.Summary.Id, Cancel))!;
        Assert.Equal((2, 20m, 4.8m, 2), (now.Version, now.Summary.Net, now.Summary.Vat, now.Lines.Count));
    }

    [Fact]
    public async Task Pages_meet_without_gap_or_overlap()
    {
        var scope = BackofficeDatabase.AdministratorOf(database.NewTenant(), database.NewUser());
        var customer = await database.CustomerAsync(scope);
        for (var n = 0; n < 7; n++) await database.DraftAsync(scope, customer.Id);
        var seen = new List<long>();
        string? after = null;
        do
        {
            var page = await database.Get<OrderReading>().ListAsync(scope, new PageQuery(3, after, null), null, null, Cancel);
            seen.AddRange(page.Items.Select(order => order.Number));
            after = page.Next;
        }
        while (after is not null);
        Assert.Equal([7, 6, 5, 4, 3, 2, 1], seen);
    }

    private async Task<long> LinesAsync(Vouchsafe.Postgres.Tenancy.TenantScope scope) => await CountAsync(scope, "backoffice.order_lines");

    private async Task<long> EntriesAsync(Vouchsafe.Postgres.Tenancy.TenantScope scope) => await CountAsync(scope, "audit.entries");

    private async Task<long> CountAsync(Vouchsafe.Postgres.Tenancy.TenantScope scope, string table)
    {
        await using var session = database.Database.Tenant(scope);
        return await session.SingleOrDefaultAsync($"select count(*) from {table} where tenant_id = $1", [scope.Tenant], row => row.GetInt64(0), Cancel);
    }
}
