using System.Text.Json;
using Backoffice.Demo;
using Xunit;

namespace Backoffice.Tests.Isolation;

public sealed class DifferentialTests
{
    private static readonly DemoTenant Ours = DemoTenant.All[2];
    private static readonly DemoTenant Theirs = DemoTenant.All[1];

    [Fact]
    public async Task A_tenant_gets_the_same_answers_whether_or_not_another_is_there()
    {
        await using var alone = await Twin.StartAsync(Ours);
        await using var beside = await Twin.StartAsync(Ours, Theirs);
        // What the other tenant has, to ask for by name.
        var foreigner = await beside.SignInAsync(Theirs.Code, Theirs.Administrator);
        var foreignOrder = Item(await beside.AskAsync(foreigner, new Probe("GET", "/api/orders?limit=1&state=confirmed")));
        var foreignCustomer = Item(await beside.AskAsync(foreigner, new Probe("GET", "/api/customers?limit=1")));
        var foreignInvoice = Item(await beside.AskAsync(foreigner, new Probe("GET", "/api/invoices?limit=1")));

        var answers = new HashSet<int>();
        foreach (var email in (string[])[Ours.Administrator, Ours.Seller])
        {
            var (one, other) = (await alone.SignInAsync(Ours.Code, email), await beside.SignInAsync(Ours.Code, email));
            var own = Item(await alone.AskAsync(one, new Probe("GET", "/api/customers?limit=1"))).GetProperty("id").GetString()!;
            foreach (var probe in Probes(own, foreignOrder, foreignCustomer, foreignInvoice))
            {
                var (expected, actual) = (await alone.AskAsync(one, probe), await beside.AskAsync(other, probe));
                answers.Add(expected.Status);
                Assert.True(expected.Canonical == actual.Canonical, $"{probe.Method} {probe.Path} as {email}\nalone:\n{expected.Canonical}\n\nbeside:\n{actual.Canonical}");
            }
        }
        // Answers of each kind were compared, not two refusals.
        Assert.Superset(new HashSet<int> { 200, 201, 204, 400, 404, 409 }, answers);
    }

    [Fact]
    public async Task The_comparison_notices_a_difference()
    {
        await using var one = await Twin.StartAsync(Ours);
        await using var other = await Twin.StartAsync(Ours with { Customers = Ours.Customers + 1 });
        var probe = new Probe("GET", "/api/customers?limit=200");
        var expected = await one.AskAsync(await one.SignInAsync(Ours.Code, Ours.Administrator), probe);
        var actual = await other.AskAsync(await other.SignInAsync(Ours.Code, Ours.Administrator), probe);
        Assert.NotEqual(expected.Canonical, actual.Canonical);
    }

    [Theory]
    [InlineData("GET", "/api/customers?limit=0", null)]
    [InlineData("GET", "/api/customers?limit=201", null)]
    [InlineData("GET", "/api/customers?limit=1&limit=2", null)]
    [InlineData("GET", "/api/orders?after=%27%3B--", null)]
    [InlineData("GET", "/api/orders?state=paid", null)]
    [InlineData("POST", "/api/customers", """{"name":"","country":"EST"}""")]
    [InlineData("POST", "/api/customers", """{"name":"A\u0000B","country":"EE"}""")]
    [InlineData("POST", "/api/customers", """{"name":"A","country":"EE","tenantId":"x"}""")]
    [InlineData("POST", "/api/orders", """{"customerId":"018f0000-0000-7000-8000-000000000001","lines":[]}""")]
    [InlineData("POST", "/api/orders", """{"customerId":"018f0000-0000-7000-8000-000000000001","lines":[{"description":"x","quantity":0,"unitPrice":1,"vatRate":24}]}""")]
    [InlineData("POST", "/api/orders", """{"customerId":"018f0000-0000-7000-8000-000000000001","lines":[{"description":"x","quantity":1,"unitPrice":0.001,"vatRate":24}]}""")]
    public async Task Input_out_of_bounds_is_a_problem_and_no_error(string method, string path, string? body)
    {
        await using var twin = await Twin.StartAsync(Ours with { Customers = 1, Orders = 1 });
        var token = await twin.SignInAsync(Ours.Code, Ours.Administrator);
        var answer = await twin.AskAsync(token, new Probe(method, path, body));
        Assert.Equal(400, answer.Status);
        Assert.Contains("https://vouchsafe.dev/problems/", answer.Body, StringComparison.Ordinal);
        Assert.Equal(401, (await twin.AskAsync(null, new Probe(method, path, body))).Status);
    }

    [Fact]
    public async Task A_member_without_the_permission_issues_no_invoice()
    {
        await using var twin = await Twin.StartAsync(Ours with { Customers = 1, Orders = 1 });
        var token = await twin.SignInAsync(Ours.Code, Ours.Seller);
        Assert.Equal(403, (await twin.AskAsync(token, new Probe("POST", "/api/invoices", """{"orderId":"018f0000-0000-7000-8000-000000000001"}"""))).Status);
    }

    private static IEnumerable<Probe> Probes(string own, JsonElement order, JsonElement customer, JsonElement invoice)
    {
        var (orderId, customerId, number) = (order.GetProperty("id").GetString(), customer.GetProperty("id").GetString(), invoice.GetProperty("number").GetString());
        var lines = """[{"description":"Carafe","quantity":2,"unitPrice":46.5,"vatRate":20}]""";
        yield return new Probe("GET", "/api/customers?limit=200");
        yield return new Probe("GET", "/api/customers?q=" + Uri.EscapeDataString(customer.GetProperty("name").GetString()!));
        yield return new Probe("GET", $"/api/customers?after={customerId}");
        yield return new Probe("GET", $"/api/customers/{customerId}");
        yield return new Probe("GET", $"/api/customers/{own}");
        yield return new Probe("GET", "/api/orders?limit=200");
        yield return new Probe("GET", "/api/orders?state=draft");
        yield return new Probe("GET", $"/api/orders?customer={customerId}");
        yield return new Probe("GET", $"/api/orders/{orderId}");
        yield return new Probe("POST", $"/api/orders/{orderId}/confirm");
        yield return new Probe("POST", $"/api/orders/{orderId}/cancel");
        yield return new Probe("PUT", $"/api/orders/{orderId}/sharing", """{"users":[]}""");
        yield return new Probe("POST", "/api/orders", $$"""{"customerId":"{{customerId}}","lines":{{lines}}}""");
        yield return new Probe("POST", "/api/orders", $$"""{"customerId":"{{own}}","lines":{{lines}}}""");
        yield return new Probe("GET", "/api/orders?limit=1");
        yield return new Probe("GET", "/api/invoices?limit=200");
        yield return new Probe("GET", $"/api/invoices/{number}");
        yield return new Probe("GET", "/api/invoices/INV-2026-99999/pdf");
        yield return new Probe("POST", "/api/invoices", $$"""{"orderId":"{{orderId}}"}""");
        yield return new Probe("POST", "/api/invoices/INV-2026-99999/cancel");
        yield return new Probe("POST", "/api/customers", """{"name":"Nouvelle Épicerie","country":"FR"}""");
        yield return new Probe("PUT", $"/api/customers/{own}", """{"name":"Renamed","country":"FR","version":1}""");
        yield return new Probe("PUT", $"/api/customers/{own}", """{"name":"Renamed","country":"FR","version":1}""");
        yield return new Probe("PUT", $"/api/customers/{customerId}", """{"name":"Renamed","country":"FR","version":1}""");
    }

    private static JsonElement Item(Answer answer)
    {
        Assert.Equal(200, answer.Status);
        using var body = JsonDocument.Parse(answer.Body);
        return body.RootElement.GetProperty("items")[0].Clone();
    }
}
