using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Vouchsafe.Browser.Browsing;
using Xunit;

namespace Vouchsafe.Browser.Journeys;

/// <summary>What the console's pages do, beyond how they look.</summary>
public sealed class Consoles(House house)
{
    [Fact]
    public async Task An_administrator_adds_changes_and_removes_a_member()
    {
        await using var visit = await house.VisitAsync(Visitor.Administrator, Look.Desktop);
        var email = $"m{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5))}@linden.example";
        var row = visit.Page.Locator("tbody tr", new() { HasText = email });
        await visit.GoAsync("/members");
        await visit.Page.FillAsync("#email", email);
        await visit.Page.ClickAsync("form[action='/members'] button");
        Assert.EndsWith("/members?done=invited", visit.Page.Url, StringComparison.Ordinal);
        Assert.Contains(email, await visit.Page.Locator("#open ~ .sheet tbody").InnerTextAsync(), StringComparison.Ordinal);
        await visit.AssertAccessibleAsync();

        // Accepted in another window: by the person, who has no part in the administrator's session.
        await using (var person = await house.VisitAsync(Visitor.Stranger, Look.Desktop))
        {
            await person.GoAsync("/invitation?token=" + await house.TokenAsync(email));
            Assert.Contains("Linden", await person.Page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
            await person.AssertAccessibleAsync();
            await person.Page.FillAsync("#password", "correct horse battery staple");
            await person.Page.ClickAsync("form[action='/invitation'] button");
            Assert.EndsWith("/sign-in?joined=linden", person.Page.Url, StringComparison.Ordinal);
            person.AssertQuiet();
        }
        await visit.GoAsync("/members");
        await row.Locator("form[action$='/role'] button").ClickAsync();
        Assert.EndsWith("/members?done=changed", visit.Page.Url, StringComparison.Ordinal);
        Assert.Contains("Administrator", await row.InnerTextAsync(), StringComparison.Ordinal);
        await row.Locator("summary").ClickAsync();
        await row.Locator(".danger").ClickAsync();
        Assert.EndsWith("/members?done=removed", visit.Page.Url, StringComparison.Ordinal);
        Assert.Equal(0, await row.CountAsync());

        // Each of the three stands in the trail.
        await visit.GoAsync("/audit?event=member.");
        var events = await visit.Page.Locator("tbody th code").AllInnerTextsAsync();
        Assert.Superset(new HashSet<string> { "member.added", "member.role-changed", "member.removed" }, events.ToHashSet());
        visit.AssertQuiet();
    }

    [Fact]
    public async Task The_last_administrator_stays_and_a_bad_field_is_named()
    {
        await using var visit = await house.VisitAsync(Visitor.Administrator, Look.Desktop);
        await visit.GoAsync("/members");
        var own = visit.Page.Locator("tbody tr", new() { HasText = "(you)" });
        await own.Locator("form[action$='/role'] button").ClickAsync();
        Assert.EndsWith("/members?done=last", visit.Page.Url, StringComparison.Ordinal);
        Assert.Contains("Administrator", await own.InnerTextAsync(), StringComparison.Ordinal);

        var answer = await visit.Page.RunAndWaitForResponseAsync(async () =>
        {
            await visit.Page.EvaluateAsync("document.querySelector(\"form[action='/members']\").noValidate = true");
            await visit.Page.FillAsync("#email", "nobody");
            await visit.Page.ClickAsync("form[action='/members'] button");
        }, response => response.Request.Method == "POST");
        // To the page itself, so that a reload or another language keeps what was said.
        Assert.Equal(303, answer.Status);
        await visit.Page.Locator("#errors").WaitForAsync();
        Assert.Equal("nobody", await visit.Page.InputValueAsync("#email"));
        await visit.Page.ClickAsync("#errors a[href='#email']");
        Assert.Equal("email", await visit.Page.EvaluateAsync<string>("document.activeElement.id"));
        await visit.AssertAccessibleAsync();
    }

    [Fact]
    public async Task The_trail_pages_by_key_filters_and_exports()
    {
        await using var visit = await house.VisitAsync(Visitor.Administrator, Look.Desktop);
        await visit.GoAsync("/audit?event=order.");
        var first = await IndexesAsync(visit.Page);
        Assert.Equal(50, first.Count);
        await visit.Page.ClickAsync(".pager a");
        var second = await IndexesAsync(visit.Page);
        Assert.True(second[0] < first[^1], "The second page begins below the end of the first.");
        Assert.All(await visit.Page.Locator("tbody th code").AllInnerTextsAsync(), name => Assert.StartsWith("order.", name, StringComparison.Ordinal));

        await visit.GoAsync("/audit?to=2001-01-01");
        Assert.Equal(0, await visit.Page.Locator("tbody tr").CountAsync());
        await visit.GoAsync("/audit?from=2001-01-01");
        Assert.Equal(50, await visit.Page.Locator("tbody tr").CountAsync());

        var download = await visit.Page.RunAndWaitForDownloadAsync(() => visit.Page.ClickAsync("a[href='/audit/export.json']"));
        await using var export = File.OpenRead(await download.PathAsync());
        using var document = await JsonDocument.ParseAsync(export, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(JsonValueKind.Object, document.RootElement.ValueKind);
        // The command on the page names the key of this very log.
        var command = await visit.Page.Locator("#command-verify").InnerTextAsync();
        var key = Regex.Match(command, "--key \"([^\"]+)\"").Groups[1].Value;
        Assert.Equal(key, (await (await visit.Page.APIRequest.GetAsync("/audit/log/vkey")).TextAsync()).Trim());
    }

    [Fact]
    public async Task A_company_that_cancelled_sees_until_when_and_no_button_that_is_refused()
    {
        await using var visit = await house.VisitAsync(Visitor.Former, Look.Desktop);
        await visit.GoAsync("/account");
        var account = await visit.Page.Locator("main").InnerTextAsync();
        Assert.Matches(@"Cancelled on \w+, \w+ \d+, \d{4}", account);
        Assert.Matches(@"read and export everything until \w+, \w+ \d+, \d{4}", account);
        Assert.Equal(0, await visit.Page.Locator("a[href='/account/cancel']").CountAsync());
        foreach (var path in new[] { "/members", "/orders", "/customers" })
        {
            await visit.GoAsync(path);
            Assert.Contains("Read-only", await visit.Page.Locator(".standing").InnerTextAsync(), StringComparison.Ordinal);
            Assert.Equal(0, await visit.Page.Locator("main form[method=post], main a[href$='/new']").CountAsync());
        }
        await visit.GoAsync("/account/cancel");
        Assert.EndsWith("/account", visit.Page.Url, StringComparison.Ordinal);
        visit.AssertQuiet();
    }

    [Fact]
    public async Task A_refused_invitation_link_keeps_its_form_when_the_language_changes()
    {
        await using var visit = await house.VisitAsync(Visitor.Stranger, Look.Desktop);
        await visit.GoAsync(await house.AddressAsync("/invitation?token={invitation}"));
        await visit.Page.EvaluateAsync("document.querySelector('#password').removeAttribute('minlength')");
        await visit.Page.FillAsync("#password", "short");
        await visit.Page.ClickAsync("form[action='/invitation'] button");
        Assert.Equal("Use at least 8 characters.", await visit.Page.Locator("#password-error").InnerTextAsync());
        Assert.Equal("password", await visit.Page.EvaluateAsync<string>("document.activeElement.id"));
        Assert.Equal("", await visit.Page.InputValueAsync("#password"));
        await visit.Page.ClickAsync(".menu summary");
        await visit.Page.ClickAsync(".menu a[lang=et]");
        Assert.Equal("Kasutage vähemalt 8 märki.", await visit.Page.Locator("#password-error").InnerTextAsync());
        Assert.Matches("^[A-Za-z0-9_-]{43}$", await visit.Page.InputValueAsync("input[name=token]"));
        visit.AssertQuiet();
    }

    [Fact]
    public async Task The_operator_has_a_control_checked_now()
    {
        await using var visit = await house.VisitAsync(Visitor.Operator, Look.Desktop);
        await visit.GoAsync("/operator");
        await visit.Page.ClickAsync("form[action='/operator/run/transport.hsts'] button");
        Assert.EndsWith("/operator?ran=transport.hsts", visit.Page.Url, StringComparison.Ordinal);
        Assert.Contains("Verified", await visit.Page.Locator(".notice").InnerTextAsync(), StringComparison.Ordinal);
        Assert.True(await visit.Page.Locator("#nodes ~ .sheet tbody tr").CountAsync() >= 1, "The node that serves is listed.");
        await visit.GoAsync("/operator?verdict=verified");
        Assert.All(await visit.Page.Locator("#claims ~ .sheet tbody .tag").AllInnerTextsAsync(), verdict => Assert.Equal("Verified", verdict));
        visit.AssertQuiet();
    }

    [Fact]
    public async Task A_form_that_another_site_posts_changes_nothing()
    {
        await using var visit = await house.VisitAsync(Visitor.Administrator, Look.Desktop);
        // A page of no origin, which is what a sandboxed frame or another site is to this one.
        await visit.Page.SetContentAsync($"<form method=post action='{new Uri(house.Origin, "/members")}'><input name=email value=evil@linden.example><input name=role value=admin><button>go</button></form>");
        var answer = await visit.Page.RunAndWaitForResponseAsync(() => visit.Page.ClickAsync("button"), response => response.Request.Method == "POST");
        // The cookie is SameSite=Lax, so the caller isn't even known; were it sent, the origin would still be foreign.
        Assert.Equal(403, answer.Status);
        await visit.GoAsync("/members");
        Assert.DoesNotContain("evil@linden.example", await visit.Page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
    }

    private static async Task<List<long>> IndexesAsync(IPage page) =>
        [.. (await page.Locator("tbody td.sum").AllInnerTextsAsync()).Select(text => long.Parse(text, System.Globalization.CultureInfo.InvariantCulture))];
}
