using System.Text.RegularExpressions;
using Backoffice.Demo;
using Xunit;

namespace Backoffice.Tests.Isolation;

public sealed class PageTests
{
    [Fact]
    public async Task Pages_show_what_the_tenant_has_without_inline_script_or_style()
    {
        var tenant = DemoTenant.All[2];
        await using var twin = await Twin.StartAsync(tenant);
        var token = await twin.SignInAsync(tenant.Code, tenant.Administrator);
        foreach (var (path, expected) in new[] { ("/customers", "SARL"), ("/orders", "Total"), ("/orders/new", "Save draft"), ("/invoices", "INV-") })
        {
            var page = await twin.AskAsync(token, new Probe("GET", path));
            Assert.True(page.Status == 200, $"{path}: {page.Status} {page.Body}");
            Assert.Contains(expected, page.Body, StringComparison.Ordinal);
            Assert.DoesNotMatch("<script(?![^>]* src=)|<style|style=|\\son[a-z]+=", page.Body);
        }
        var order = Regex.Match((await twin.AskAsync(token, new Probe("GET", "/orders"))).Body, "/orders/[0-9a-f-]{36}").Value;
        Assert.Contains("Net", (await twin.AskAsync(token, new Probe("GET", order))).Body, StringComparison.Ordinal);
        Assert.Equal(401, (await twin.AskAsync(null, new Probe("GET", order))).Status);
    }
}
