using Deque.AxeCore.Commons;
using Microsoft.Playwright;
using Xunit;

namespace Vouchsafe.Browser.Browsing;

/// <summary>One window, and everything that its pages complained of.</summary>
public sealed class Visit : IAsyncDisposable
{
    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();
    private readonly List<string> complaints = [];
    private readonly IBrowserContext window;

    private Visit(IBrowserContext window, IPage page, Uri origin) => (this.window, Page, Origin) = (window, page, origin);

    public IPage Page { get; }

    public Uri Origin { get; }

    public static async Task<Visit> BeginAsync(IBrowserContext window, Uri origin)
    {
        window.SetDefaultTimeout(20_000);
        var visit = new Visit(window, await window.NewPageAsync(), origin);
        visit.Page.Console += (_, message) =>
        {
            // A page that answers 404 is itself a failed load, and means to be.
            if (message.Type is "error" or "warning" && !(message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal) && message.Location.StartsWith(visit.Page.Url, StringComparison.Ordinal)))
                visit.complaints.Add($"console {message.Type}: {message.Text} ({message.Location})");
        };
        visit.Page.PageError += (_, error) => visit.complaints.Add("script: " + error);
        visit.Page.RequestFailed += (_, request) => visit.complaints.Add($"{request.Url} failed: {request.Failure}");
        // The browser tells of violations in the page; the console may or may not.
        await visit.Page.AddInitScriptAsync("addEventListener('securitypolicyviolation', event => console.error('CSP: ' + event.violatedDirective + ' ' + event.blockedURI));");
        return visit;
    }

    public async Task<IResponse> GoAsync(string path) =>
        await Page.GotoAsync(path) ?? throw new InvalidOperationException($"{path} had no answer.");

    /// <summary>No console error, no violation of the content policy, nothing that didn't load.</summary>
    public void AssertQuiet() => Assert.True(complaints.Count == 0, $"{Page.Url} complains:\n" + string.Join('\n', complaints));

    /// <summary>Nothing is wider than the window: nobody scrolls sideways.</summary>
    public async Task AssertFitsAsync()
    {
        var wide = await Page.EvaluateAsync<string[]>(
            """
            () => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('body *')]
                .filter(element => element.getBoundingClientRect().right > innerWidth + 1).slice(0, 5).map(element => element.outerHTML.slice(0, 120))
            """);
        Assert.True(wide.Length == 0, $"{Page.Url} is wider than the window:\n" + string.Join('\n', wide));
    }

    /// <summary>axe finds nothing that WCAG 2.2 AA forbids.</summary>
    public Task AssertAccessibleAsync() => AssertAsync(RunOnlyOptions.Tags("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"));

    /// <summary>The same page in other colours: of axe's rules, those that look at colours.</summary>
    public Task AssertContrastAsync() => AssertAsync(RunOnlyOptions.Rules("color-contrast", "link-in-text-block"));

    // axe runs in the page that it judges, loaded once for each document (decision 0099).
    // It doesn't look into frames this way, so there must be none.
    private async Task AssertAsync(RunOnlyOptions rules)
    {
        if (!await Page.EvaluateAsync<bool>("() => 'axe' in window"))
            await Page.EvaluateAsync(Axe);
        var violations = await Page.EvaluateAsync<string[]>(
            """
            async ({ type, values }) => {
                const frames = [...document.querySelectorAll('iframe, frame, object, embed')]
                    .map(frame => 'not looked into: ' + frame.outerHTML.slice(0, 120));
                const { passes, violations } = await axe.run(document, { runOnly: { type, values }, resultTypes: ['violations'] });
                if (passes.length + violations.length === 0) return ['no rule applied to this page'];
                const why = node => [...node.any, ...node.all].map(check => check.message).join(' ');
                return frames.concat(violations.flatMap(violation => violation.nodes.slice(0, 4)
                    .map(node => `${violation.id}: ${violation.help}\n  ${node.html}\n  ${why(node)}`)));
            }
            """, new { type = rules.Type, values = rules.Values });
        Assert.True(violations.Length == 0, $"{Page.Url}\n" + string.Join('\n', violations));
    }

    public ValueTask DisposeAsync() => window.DisposeAsync();
}
