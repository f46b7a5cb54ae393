using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Backoffice.Demo;
using Backoffice.Overview;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Vouchsafe.Acceptance.Running;
using Vouchsafe.Browser.Browsing;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Modules;
using Vouchsafe.Hosting.Accounts;
using Vouchsafe.Mail.Mailbox;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Tenants.Subscription;
using Vouchsafe.Web.Account;
using Vouchsafe.Web.Layout;
using Xunit;

[assembly: AssemblyFixture(typeof(House))]

namespace Vouchsafe.Browser.Browsing;

/// <summary>The application with its demo data, and one browser that visits it: Debian's chromium, found through PATH.</summary>
public sealed class House() : RunningApplication("apower-flex", 1, ("Seed", "true"), ("Edge:TrustedProxies:0", "127.0.0.1/32"), ("Edge:TrustedProxies:1", "::1/128"))
{
    /// <summary>Where a page with a fault is.</summary>
    internal const string Broken = "/broken";

    /// <summary>Where the page of /setup is, which this installation closed when it was seeded.</summary>
    internal const string SetUp = "/setup-page";

    /// <summary>Where the front door of an installation without an operator is.</summary>
    internal const string Fresh = "/fresh";

    private readonly Dictionary<Visitor, string> signedIn = [];
    private readonly Dictionary<string, string> tokens = [];
    private readonly SemaphoreSlim oneSignInAtATime = new(1, 1);
    private readonly SemaphoreSlim oneLinkAtATime = new(1, 1);
    private IPlaywright? playwright;
    private IBrowser? browser;

    public Uri Origin => Target.Https;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var late = Services.GetServices<IModule>().OfType<LateEndpoints>().Single();
        late.Fail(Broken, new OpenToAnybodyAttribute("A page with a fault, to see how that looks."), new ExcludeFromDescriptionAttribute());
        late.ServeToo(SetUp,
            context => FramedPage.Show<SetUpPage>(context, new() { [nameof(SetUpPage.Errors)] = FormErrors.Of(context.Request) }).ExecuteAsync(context),
            new OpenToAnybodyAttribute("Set-up is over here, and its page is still to be seen."), new ExcludeFromDescriptionAttribute());
        late.ServeToo(Fresh,
            context => FramedPage.Show<LandingPage>(context, new()
            {
                [nameof(LandingPage.Counts)] = new Dictionary<Verdict, int>(),
                [nameof(LandingPage.NeedsSetUp)] = true,
            }).ExecuteAsync(context),
            new OpenToAnybodyAttribute("The front door of an installation that nobody set up."), new ExcludeFromDescriptionAttribute());
        var former = (await Services.GetRequiredService<ITenantDirectory>().FindAsync(DemoTenant.All[^1].Code, CancellationToken.None))!.Value;
        await Services.GetRequiredService<Subscriptions>().EndAsync(new TenantScope(former, Actor.System("test"), OwnerReach.All, null), CancellationToken.None);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium(),
            // Chromium refuses to sandbox for root, which is who runs tests in a container.
            Args = Environment.IsPrivilegedProcess ? ["--no-sandbox"] : [],
        });
    }

    public override async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
        oneSignInAtATime.Dispose();
        oneLinkAtATime.Dispose();
        await base.DisposeAsync();
    }

    /// <summary>The token of the link in the newest mail to an address, once it has arrived.</summary>
    /// <param name="page">Which page the link leads to; null: any.</param>
    public async Task<string> TokenAsync(string email, string? page = null)
    {
        var mailbox = Services.GetRequiredService<DevelopmentMailbox>();
        for (var attempt = 0; attempt < 100; attempt++)
        {
            var mails = (await mailbox.ListAsync(CancellationToken.None)).Where(mail => mail.Message.To == email);
            if (mails.FirstOrDefault(mail => mail.Message.Text.Contains(page + "?token=", StringComparison.Ordinal)) is { } arrived)
                return Regex.Match(arrived.Message.Text, @"\?token=([A-Za-z0-9_-]{43})").Groups[1].Value;
            await Task.Delay(100);
        }
        throw new TimeoutException("The mail didn't arrive.");
    }

    /// <summary>
    /// A page's address, with a link from a mail where it has a place for one: <c>{sign-up}</c>, <c>{known}</c>, <c>{invitation}</c> or <c>{reset}</c>.
    /// </summary>
    public async Task<string> AddressAsync(string path)
    {
        if (Regex.Match(path, @"\{([a-z-]+)\}") is not { Success: true } place) return path;
        await oneLinkAtATime.WaitAsync();
        try
        {
            var kind = place.Groups[1].Value;
            if (!tokens.TryGetValue(kind, out var token)) tokens[kind] = token = await LinkAsync(kind);
            return path.Replace(place.Value, token, StringComparison.Ordinal);
        }
        finally
        {
            oneLinkAtATime.Release();
        }
    }

    /// <summary>Has a link mailed as the page's form does it.</summary>
    private async Task<string> LinkAsync(string kind)
    {
        var email = kind is "known" or "reset" ? DemoTenant.All[1].Administrator : $"{kind}@newcomer.example";
        await using var visit = await VisitAsync(kind == "sign-up" ? Visitor.Stranger : Visitor.Administrator, Look.Desktop);
        var form = visit.Page.APIRequest.CreateFormData();
        form.Set("email", email);
        var (path, fields) = kind switch
        {
            "sign-up" => ("/sign-up", new[]
            {
                ("legalName", "Newcomer & Sons Ltd"), ("registrationNumber", "N1"), ("address", "1 New Street"), ("country", "IE"), ("code", "newcomer"),
            }),
            "reset" => ("/reset", []),
            _ => ("/members", [("role", "user")]),
        };
        foreach (var (name, value) in fields) form.Set(name, value);
        var origin = KeyValuePair.Create("Origin", Origin.GetLeftPart(UriPartial.Authority));
        await using var answer = await visit.Page.APIRequest.PostAsync(path, new() { Form = form, Headers = [origin] });
        return await TokenAsync(email, kind == "reset" ? "/reset/confirm" : null);
    }

    /// <summary>A window of its own for one test: nobody else's cookies, and an address of its own, since limits count by address.</summary>
    public async Task<Visit> VisitAsync(Visitor visitor, Look look)
    {
        var state = visitor == Visitor.Stranger ? null : await SignedInAsync(visitor);
        return await Visit.BeginAsync(await WindowAsync(look, state), Origin);
    }

    private async Task<IBrowserContext> WindowAsync(Look look, string? state) => await browser!.NewContextAsync(new BrowserNewContextOptions
    {
        BaseURL = Origin.AbsoluteUri,
        IgnoreHTTPSErrors = true,
        Locale = "en",
        ColorScheme = ColorScheme.Light,
        ViewportSize = new ViewportSize { Width = look.Width, Height = look.Height },
        ReducedMotion = ReducedMotion.Reduce,
        StorageState = state,
        ExtraHTTPHeaders = new Dictionary<string, string> { ["X-Forwarded-For"] = SomeAddress() },
    });

    /// <summary>The cookies of somebody who signed in through the page: once for each visitor.</summary>
    private async Task<string> SignedInAsync(Visitor visitor)
    {
        await oneSignInAtATime.WaitAsync();
        try
        {
            if (signedIn.TryGetValue(visitor, out var state))
                return state;
            await using var window = await WindowAsync(Look.Desktop, null);
            var page = await window.NewPageAsync();
            await page.GotoAsync("/sign-in");
            await page.Locator("#email").FillAsync(EmailOf(visitor));
            await page.Locator("#password").FillAsync(DemoData.Password);
            await page.Locator("main form button[type=submit]").ClickAsync();
            await page.WaitForURLAsync(address => !address.Contains("/sign-in", StringComparison.Ordinal));
            return signedIn[visitor] = await window.StorageStateAsync();
        }
        finally
        {
            oneSignInAtATime.Release();
        }
    }

    private static string EmailOf(Visitor visitor) => visitor switch
    {
        Visitor.Administrator => DemoTenant.All[0].Administrator,
        Visitor.Seller => DemoTenant.All[0].Seller,
        Visitor.Former => DemoTenant.All[^1].Administrator,
        _ => DemoData.Operator,
    };

    // TEST-NET-3 and its like are few; this is the block for benchmarks (RFC 2544): 131,072 addresses that are nobody's.
    private static string SomeAddress() => string.Create(CultureInfo.InvariantCulture, $"198.{RandomNumberGenerator.GetInt32(18, 20)}.{RandomNumberGenerator.GetInt32(256)}.{RandomNumberGenerator.GetInt32(1, 255)}");

    private static string Chromium() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "chromium")).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("chromium is needed and was not found in PATH: apt-get install chromium");
}
