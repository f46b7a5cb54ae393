using System.Security.Cryptography;
using Vouchsafe.Browser.Browsing;
using Xunit;

namespace Vouchsafe.Browser.Journeys;

public sealed class WithoutAMouse(House house)
{
    public static TheoryData<string> Looks => new(Look.All.Select(look => look.Name));

    [Theory, MemberData(nameof(Looks))]
    public async Task From_signing_up_to_an_issued_invoice(string look)
    {
        await using var visit = await house.VisitAsync(Visitor.Stranger, Look.Of(look));
        var keys = new Keyboard(visit.Page);
        var code = "k" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5));
        const string password = "correct horse battery staple";

        await visit.GoAsync("/");
        await keys.FollowAsync("main a[href='/sign-up']", "^/sign-up$");
        await keys.FillAsync("#legalName", "Keyboard & Sons Ltd");
        await keys.FillAsync("#registrationNumber", code);
        await keys.FillAsync("#country", "Ireland");
        await keys.FillAsync("#address", "1 Tab Street, Dublin");
        await keys.FillAsync("#code", code);
        await keys.FillAsync("#email", $"admin@{code}.example");
        await keys.EnterAsync("^/sign-up\\?sent=1$");

        await visit.GoAsync("/sign-up/confirm?token=" + await house.TokenAsync($"admin@{code}.example"));
        await visit.AssertFitsAsync();
        await visit.AssertAccessibleAsync();
        await keys.FillAsync("#password", password);
        await keys.EnterAsync("^/sign-in\\?welcome=" + code);

        await keys.FillAsync("#email", $"admin@{code}.example");
        await keys.FillAsync("#password", password);
        await keys.EnterAsync("^/overview$");

        await keys.FollowAsync(".places a[href='/customers']", "^/customers$");
        await keys.FollowAsync("main a[href='/customers/new']", "^/customers/new$");
        await keys.FillAsync("#name", "First Customer");
        await keys.FillAsync("#country", "Ireland");
        await keys.FillAsync("#vatNumber", "IE1234567X");
        await keys.EnterAsync("^/customers\\?q=First");
        Assert.Equal(1, await visit.Page.Locator("tbody tr").CountAsync());

        await keys.FollowAsync(".places a[href='/orders']", "^/orders$");
        await keys.FollowAsync("main a[href='/orders/new']", "^/orders/new$");
        await keys.FillAsync("#description1", "Keyboard");
        await keys.FillAsync("#quantity1", "2");
        await keys.FillAsync("#unitPrice1", "49.50");
        await keys.FillAsync("#vatRate1", "23");
        await keys.EnterAsync("^/orders/[0-9a-f-]{36}$");
        await keys.FollowAsync("form[action$='/confirm'] button", "^/orders/[0-9a-f-]{36}$");
        await keys.FollowAsync("form[action$='/invoice'] button", "^/orders/[0-9a-f-]{36}$");
        Assert.Equal(1, await visit.Page.Locator("#documents ~ .sheet tbody tr").CountAsync());
        await visit.AssertFitsAsync();
        await visit.AssertAccessibleAsync();

        await keys.FollowAsync("form[action='/sign-out'] button", "^/sign-in$");
        await visit.GoAsync("/overview");
        Assert.Contains("/sign-in?return=", visit.Page.Url, StringComparison.Ordinal);
        visit.AssertQuiet();
    }

    [Fact]
    public async Task A_form_that_was_refused_needn_t_be_written_twice()
    {
        await using var visit = await house.VisitAsync(Visitor.Stranger, Look.Desktop);
        var keys = new Keyboard(visit.Page);
        await visit.GoAsync("/sign-up");
        await keys.FillAsync("#legalName", "Draft & Sons Ltd");
        await keys.FillAsync("#registrationNumber", "D-12345");
        await keys.FillAsync("#country", "Estonia");
        await keys.FillAsync("#address", "1 Tab Street, Tallinn");
        await keys.FillAsync("#code", "admin");
        await keys.FillAsync("#email", "admin@draft.example");
        await keys.EnterAsync("^/sign-up\\?error=code%3Ataken$");
        // The focus is where there is something to correct, and what is wrong there is said with the field.
        Assert.Equal("code", await visit.Page.EvaluateAsync<string>("document.activeElement.id"));
        Assert.Equal("This company code is taken. Choose another.", await visit.Page.EvaluateAsync<string>(
            "document.activeElement.getAttribute('aria-describedby').split(' ').map(id => document.getElementById(id)).find(element => element.className === 'wrong').textContent"));
        Assert.Equal("Draft & Sons Ltd", await visit.Page.InputValueAsync("#legalName"));
        Assert.Equal("EE", await visit.Page.InputValueAsync("#country"));
        Assert.Equal("admin@draft.example", await visit.Page.InputValueAsync("#email"));
        await visit.GoAsync("/sign-up");
        Assert.Equal("", await visit.Page.InputValueAsync("#legalName"));
        visit.AssertQuiet();
    }

    [Fact]
    public async Task Skips_to_the_content()
    {
        await using var visit = await house.VisitAsync(Visitor.Administrator, Look.Desktop);
        await visit.GoAsync("/orders");
        var keys = new Keyboard(visit.Page);
        await visit.Page.Keyboard.PressAsync("Tab");
        Assert.Equal("skip", await visit.Page.EvaluateAsync<string>("document.activeElement.className"));
        await visit.Page.Keyboard.PressAsync("Enter");
        Assert.Equal("content", await visit.Page.EvaluateAsync<string>("document.activeElement.id"));
        // And the next stop is the first of the content, not one of the bar's.
        await keys.TabToAsync("main a");
        Assert.Equal("/orders/new", await visit.Page.EvaluateAsync<string>("document.activeElement.getAttribute('href')"));
    }

    [Fact]
    public async Task Chooses_a_language_that_stays()
    {
        await using var visit = await house.VisitAsync(Visitor.Stranger, Look.Phone);
        var keys = new Keyboard(visit.Page);
        await visit.GoAsync("/sign-in?error=refused");
        await keys.TabToAsync(".menu summary");
        await visit.Page.Keyboard.PressAsync("Enter");
        await keys.FollowAsync(".menu a[lang=et]", "^/sign-in\\?error=refused&lang=et$");
        foreach (var path in new[] { "/trust", "/", "/nowhere" })
        {
            await visit.GoAsync(path);
            Assert.Equal("et", await visit.Page.Locator("html").GetAttributeAsync("lang"));
        }
        var cookie = Assert.Single(await visit.Page.Context.CookiesAsync());
        Assert.Equal(("__Host-language", "et", "/", true, true), (cookie.Name, cookie.Value, cookie.Path, cookie.Secure, cookie.HttpOnly));
        Assert.Equal(Microsoft.Playwright.SameSiteAttribute.Lax, cookie.SameSite);
    }
}
