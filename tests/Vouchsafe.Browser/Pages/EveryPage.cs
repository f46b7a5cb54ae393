using Microsoft.Playwright;
using Vouchsafe.Browser.Browsing;
using Xunit;

namespace Vouchsafe.Browser.Pages;

/// <summary>Each page in each window, in light and in dark. Where VOUCHSAFE_PICTURES names a folder, a picture of each is left there.</summary>
public sealed class EveryPage(House house)
{
    public static TheoryData<string, string> Rows => new(PageEntry.All.SelectMany(page => Look.All.Select(look => (page.Name, look.Name))));

    public static TheoryData<string> Names => new(PageEntry.All.Select(page => page.Name));

    [Theory, MemberData(nameof(Rows))]
    public async Task Is_accessible_fits_and_says_nothing_to_the_console(string name, string look)
    {
        var page = PageEntry.All.Single(page => page.Name == name);
        await using var visit = await house.VisitAsync(page.Visitor, Look.Of(look));
        var answer = await visit.GoAsync(await house.AddressAsync(page.Path));
        Assert.Equal(page.Status, answer.Status);
        Assert.StartsWith("text/html", answer.Headers["content-type"], StringComparison.Ordinal);
        await visit.AssertFitsAsync();
        await PictureAsync(visit, $"{name}-{look}-light.png");
        await visit.AssertAccessibleAsync();
        await visit.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
        await PictureAsync(visit, $"{name}-{look}-dark.png");
        await visit.AssertContrastAsync();
        visit.AssertQuiet();
    }

    /// <summary>Each place in the navigation can be seen and clicked on the narrowest phones, whatever the language calls it.</summary>
    [Theory, InlineData(320, "en"), InlineData(320, "uk"), InlineData(390, "fr")]
    public async Task Reaches_every_place_on_a_phone(int width, string language)
    {
        await using var visit = await house.VisitAsync(Visitor.Administrator, Look.Phone);
        await visit.Page.SetViewportSizeAsync(width, 844);
        await visit.GoAsync("/audit?lang=" + language);
        var hidden = await visit.Page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll('.places a, .who > a, .who > button, .who form button, .who summary')].filter(place => {
                const box = place.getBoundingClientRect(), there = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
                return box.left < 0 || box.right > innerWidth || box.height < 24 || !place.contains(there);
            }).map(place => place.textContent)
            """);
        Assert.Empty(hidden);
        await visit.AssertFitsAsync();
    }

    /// <summary>Whoever chose dark or light by hand keeps it, whatever the system says.</summary>
    [Fact]
    public async Task A_chosen_theme_stays()
    {
        await using var visit = await house.VisitAsync(Visitor.Stranger, Look.Desktop);
        await visit.GoAsync("/sign-in");
        var light = await PaperAsync();
        await visit.Page.ClickAsync("[data-toggle-theme]");
        Assert.NotEqual(light, await PaperAsync());
        await visit.GoAsync("/trust");
        Assert.NotEqual(light, await PaperAsync());
        await visit.AssertAccessibleAsync();
        visit.AssertQuiet();

        Task<string> PaperAsync() => visit.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
    }

    [Theory, MemberData(nameof(Names))]
    public async Task Speaks_five_languages(string name)
    {
        var page = PageEntry.All.Single(page => page.Name == name);
        await using var visit = await house.VisitAsync(page.Visitor, Look.Phone);
        var titles = new HashSet<string>();
        var path = await house.AddressAsync(page.Path);
        foreach (var language in new[] { "en", "et", "es", "fr", "uk" })
        {
            await visit.GoAsync(path + (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "lang=" + language);
            Assert.Equal(language, await visit.Page.Locator("html").GetAttributeAsync("lang"));
            titles.Add(await visit.Page.Locator("h1").InnerTextAsync());
            await visit.AssertFitsAsync();
        }
        Assert.True(titles.Count >= 4, "The heading stays the same: " + string.Join(" · ", titles));
        visit.AssertQuiet();
    }

    private static async Task PictureAsync(Visit visit, string name)
    {
        if (Environment.GetEnvironmentVariable("VOUCHSAFE_PICTURES") is { Length: > 0 } folder)
            await visit.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name), FullPage = !name.StartsWith("trust", StringComparison.Ordinal) });
    }
}
