using Microsoft.Playwright;
using Xunit;

namespace Vouchsafe.Browser.Browsing;

/// <summary>A visitor without a mouse: Tab, Enter, and what a keyboard types.</summary>
public sealed class Keyboard(IPage page)
{
    private const int Patience = 120;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    /// <summary>Presses Tab until the element has the focus, and demands that each stop on the way can be seen.</summary>
    public async Task TabToAsync(string selector)
    {
        for (var presses = 0; presses < Patience; presses++)
        {
            await page.Keyboard.PressAsync("Tab");
            var stop = await page.EvaluateAsync<string>(
                """
                selector => {
                    const now = document.activeElement;
                    if (!now || now === document.body) return 'body';
                    const style = getComputedStyle(now), box = now.getBoundingClientRect();
                    if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) return 'unmarked: ' + now.outerHTML.slice(0, 200);
                    if (box.width === 0 || box.right <= 0 || box.left >= innerWidth || box.bottom <= 0 || box.top >= innerHeight) return 'out of sight: ' + now.outerHTML.slice(0, 200);
                    return now.matches(selector) ? 'there' : 'on the way';
                }
                """, selector);
            Assert.True(stop is "there" or "on the way" or "body", $"{page.Url}: {stop}");
            if (stop == "there") return;
        }
        Assert.Fail($"{page.Url}: Tab doesn't reach {selector}.");
    }

    /// <summary>Tabs to a field and types into it.</summary>
    public async Task FillAsync(string selector, string text)
    {
        await TabToAsync(selector);
        await page.Keyboard.TypeAsync(text);
    }

    /// <summary>Presses Enter where the focus is, and waits for the page that it leads to.</summary>
    public async Task EnterAsync(string leadsTo)
    {
        var loaded = new TaskCompletionSource();
        page.Load += Done;
        await page.Keyboard.PressAsync("Enter");
        await loaded.Task.WaitAsync(Longest, TestContext.Current.CancellationToken);
        page.Load -= Done;
        Assert.Matches(leadsTo, new Uri(page.Url).PathAndQuery);

        void Done(object? sender, IPage loadedPage) => loaded.TrySetResult();
    }

    /// <summary>Tabs to a link or button and presses Enter.</summary>
    public async Task FollowAsync(string selector, string leadsTo)
    {
        await TabToAsync(selector);
        await EnterAsync(leadsTo);
    }
}
