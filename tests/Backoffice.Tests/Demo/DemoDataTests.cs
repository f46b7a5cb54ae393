using System.Diagnostics;
using Backoffice.Amounts;
using Backoffice.Demo;
using Backoffice.Tests.Databases;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Backoffice.Tests.Demo;

public sealed class DemoDataTests(BackofficeDatabase database) : IClassFixture<BackofficeDatabase>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Three_companies_are_seeded_once()
    {
        var seed = ActivatorUtilities.CreateInstance<DemoData>(database.Services!);
        var clock = Stopwatch.StartNew();
        var lines = await seed.SeedAsync(Cancel);
        TestContext.Current.TestOutputHelper?.WriteLine($"seeded in {clock.Elapsed.TotalSeconds:0.0} s");
        var before = await CountsAsync();
        // Somebody chose another password since.
        await TestDatabase.RunAsync(database.Superuser, "update identity.users set password = overlay(password placing 'AAAA' from length(password) - 4)");
        Assert.Equal(lines, await seed.SeedAsync(Cancel));

        // An administrator and a seller of each, and the operator.
        Assert.Equal(7, lines.Count);
        Assert.Equal(before, await CountsAsync());
        Assert.StartsWith("560 2700 ", before, StringComparison.Ordinal);
        // Each series ends where its documents do.
        Assert.Equal(0L, await TestDatabase.ScalarAsync(database.Superuser,
            """
            select count(*) from backoffice.number_series s
            where s.series <> 'order' and s.last_number <> (select count(*) from backoffice.invoices i where i.tenant_id = s.tenant_id
                and i.number like case split_part(s.series, '-', 1) when 'invoice' then 'INV-' else 'CN-' end || split_part(s.series, '-', 2) || '-%')
            """));
    }

    [Fact]
    public void The_same_day_gives_the_same_ledger()
    {
        var (owners, now) = (new[] { database.NewUser(), database.NewUser() }, database.Time.GetUtcNow());
        var (one, other) = (new DemoLedger(DemoTenant.All[2], owners, now), new DemoLedger(DemoTenant.All[2], owners, now));
        Assert.Equal(one.Invoices.Select(invoice => (invoice.Id, invoice.Number, invoice.Net)), other.Invoices.Select(invoice => (invoice.Id, invoice.Number, invoice.Net)));
        Assert.All(one.Orders, order => Assert.Equal(order.Totals.Gross, Vat.Of(order.Lines.Select(line => new Taxed(line.Net, line.VatRate))).Gross));
    }

    private async Task<string> CountsAsync() => (string)(await TestDatabase.ScalarAsync(database.Superuser,
        "select concat_ws(' ', (select count(*) from backoffice.customers), (select count(*) from backoffice.orders), (select count(*) from backoffice.invoices), (select count(*) from identity.memberships), (select count(*) from audit.entries))"))!;
}
