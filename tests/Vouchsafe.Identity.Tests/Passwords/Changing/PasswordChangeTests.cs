using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Vouchsafe.Access.Running;
using Vouchsafe.Identity.Passwords.Changing;
using Vouchsafe.Identity.SigningIn;
using Xunit;

namespace Vouchsafe.Identity.Tests.Passwords.Changing;

/// <summary>A new password, by the one before or by the mailbox: sessions end, a mail says so, and asking tells nobody anything.</summary>
public sealed class PasswordChangeTests(AccessHost host) : IClassFixture<AccessHost>
{
    private const string Chosen = "a better one than before";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_asks_for_the_password_ends_the_other_sessions_and_says_so_by_mail()
    {
        var (tenant, form, admin) = await host.NewTenantAsync();
        var other = await admin.SignInAsync(form.Email!);
        Assert.Equal("wrong-password", await ChangeAsync(admin, "not the password", Chosen));
        Assert.Equal("invalid-input", await ChangeAsync(admin, People.Password, "password123"));
        Assert.Equal("no problem but 204", await ChangeAsync(admin, People.Password, Chosen));

        using (var me = await admin.GetAsync("/api/me", Cancel)) Assert.Equal(HttpStatusCode.OK, me.StatusCode);
        using (var stale = host.Client(other.AccessToken))
        using (var me = await stale.GetAsync("/api/me", Cancel))
            Assert.Equal(HttpStatusCode.Unauthorized, me.StatusCode);
        using (var refreshed = await admin.PostAsJsonAsync("/api/auth/refresh", new RefreshRequest(other.RefreshToken), Cancel))
            Assert.Equal(HttpStatusCode.Unauthorized, refreshed.StatusCode);
        using (var old = await admin.TrySignInAsync(form.Email!, People.Password)) Assert.Equal(HttpStatusCode.Unauthorized, old.StatusCode);
        Assert.NotNull(await admin.SignInAsync(form.Email!, Chosen));
        Assert.Contains("was changed", (await host.MailAsync(form.Email!))[0].Subject, StringComparison.Ordinal);
        Assert.Equal(1, await host.EntriesAsync(tenant, "password.changed"));
    }

    [Fact]
    public async Task A_reset_ends_every_session_and_its_link_opens_once()
    {
        var (tenant, form, admin) = await host.NewTenantAsync();
        using var client = host.Client();
        Assert.Equal("no problem but 202", await AskAsync(client, form.Email!));
        var mail = (await host.MailAsync(form.Email!))[0];
        var token = AccessHost.Token(mail);
        Assert.Equal("invalid-input", await CompleteAsync(client, token, "short"));
        Assert.Equal("no problem but 204", await CompleteAsync(client, token, Chosen));
        Assert.Equal("link-refused", await CompleteAsync(client, token, "another one yet"));
        using (var me = await admin.GetAsync("/api/me", Cancel)) Assert.Equal(HttpStatusCode.Unauthorized, me.StatusCode);
        using (var old = await client.TrySignInAsync(form.Email!, People.Password)) Assert.Equal(HttpStatusCode.Unauthorized, old.StatusCode);
        Assert.NotNull(await client.SignInAsync(form.Email!, Chosen));
        Assert.Equal(1, await host.EntriesAsync(tenant, "password.reset"));
        Assert.Contains("was reset on", (await host.MailAsync(form.Email!))[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_runs_out_after_half_an_hour_and_with_any_change()
    {
        var (_, form, admin) = await host.NewTenantAsync();
        await AskAsync(admin, form.Email!);
        var first = await host.TokenAsync(form.Email!);
        Assert.Equal("no problem but 204", await ChangeAsync(admin, People.Password, Chosen));
        Assert.Equal("link-refused", await CompleteAsync(admin, first, "of whoever has the mail"));
        await AskAsync(admin, form.Email!);
        var second = await host.TokenAsync(form.Email!);
        host.Time.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal("link-refused", await CompleteAsync(admin, second, "too late for this"));
    }

    [Fact]
    public async Task Asking_is_answered_alike_for_any_address_and_a_mailbox_gets_three()
    {
        var (_, form, _) = await host.NewTenantAsync();
        using var client = host.Client(from: "127.66.1.1");
        var answers = new List<string>();
        foreach (var email in new[] { form.Email!, "unknown-to-all@example.org", "no address" })
        {
            using var answer = await client.PostAsJsonAsync("/api/account/reset", new ResetRequest(email), Cancel);
            answers.Add($"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(Cancel)} {string.Join(',', answer.Headers.Where(header => header.Key != "Date"))}");
        }
        Assert.Single(answers.Distinct());
        for (var n = 0; n < 5; n++) Assert.Equal("no problem but 202", await AskAsync(client, form.Email!));
        Assert.Equal(3, (await host.MailAsync(form.Email!)).Count);
        Assert.Contains("no account uses it", (await host.MailAsync("unknown-to-all@example.org"))[0].Text, StringComparison.Ordinal);
    }

    /// <summary>The mails have budgets of their own: else whoever signs up with somebody's address keeps them from a reset.</summary>
    [Fact]
    public async Task Whoever_signs_up_with_an_address_keeps_its_owner_from_no_reset_and_the_other_way_round()
    {
        var (_, form, _) = await host.NewTenantAsync();
        using var client = host.Client(from: "127.66.1.3");
        for (var n = 0; n < 5; n++)
            using (var asked = await client.PostAsJsonAsync("/api/sign-up", People.NewForm() with { Email = form.Email }, JsonSerializerOptions.Web, Cancel))
                Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
        Assert.Equal(3, (await host.MailAsync(form.Email!)).Count);
        Assert.Equal("no problem but 202", await AskAsync(client, form.Email!));
        Assert.Equal("no problem but 204", await CompleteAsync(client, await host.TokenAsync(form.Email!), Chosen));

        var other = People.NewForm();
        using var second = host.Client(from: "127.66.1.4");
        for (var n = 0; n < 5; n++) Assert.Equal("no problem but 202", await AskAsync(second, other.Email!));
        using (var asked = await second.PostAsJsonAsync("/api/sign-up", other, JsonSerializerOptions.Web, Cancel)) Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
        var mails = await host.MailAsync(other.Email!);
        Assert.Equal(3 + 1, mails.Count);
        Assert.Single(mails, mail => mail.Text.Contains("/sign-up/confirm?token=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_link_of_an_address_without_an_account_opens_nothing()
    {
        using var client = host.Client(from: "127.66.1.2");
        await AskAsync(client, "nobody-here@example.org");
        Assert.DoesNotContain("token=", (await host.MailAsync("nobody-here@example.org"))[0].Text, StringComparison.Ordinal);
    }

    /// <summary>Whoever knows the old password and signs in at the very moment of a change gets no session that outlives it.</summary>
    [Fact]
    public async Task No_session_of_the_old_password_outlives_a_change()
    {
        for (var round = 0; round < 4; round++)
        {
            var (_, form, admin) = await host.NewTenantAsync();
            using var thief = host.Client(from: $"127.66.2.{round + 2}");
            var signedIn = Enumerable.Range(0, 4).Select(_ => thief.TrySignInAsync(form.Email!, People.Password)).ToList();
            Assert.Equal("no problem but 204", await ChangeAsync(admin, People.Password, Chosen));
            foreach (var answer in await Task.WhenAll(signedIn))
            {
                if (answer.StatusCode != HttpStatusCode.OK) continue;
                var pair = (await answer.Content.ReadFromJsonAsync<TokenPair>(Cancel))!;
                host.Time.Advance(TimeSpan.FromSeconds(2));
                using var stale = host.Client(pair.AccessToken);
                using var me = await stale.GetAsync("/api/me", Cancel);
                Assert.Equal(HttpStatusCode.Unauthorized, me.StatusCode);
            }
        }
    }

    /// <summary>Three links of one mailbox, each used by four at once on two nodes: one reset, one event, one mail.</summary>
    [Fact]
    public async Task One_reset_is_one_event_however_many_use_its_links_at_once()
    {
        var (tenant, form, admin) = await host.NewTenantAsync();
        for (var n = 0; n < 3; n++) await AskAsync(admin, form.Email!);
        var tokens = (await host.MailAsync(form.Email!)).Select(AccessHost.Token).ToList();
        using var other = host.Client(node: await host.SecondNodeAsync());
        using var first = host.Client();
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(n => CompleteAsync(n % 2 == 0 ? first : other, tokens[n % 3], $"chosen by number {n}")));
        Assert.Single(answers, "no problem but 204");
        Assert.Equal(11, answers.Count(answer => answer == "link-refused"));
        Assert.Equal(1, await host.EntriesAsync(tenant, "password.reset"));
        Assert.Single(await host.MailAsync(form.Email!), mail => mail.Text.Contains("was reset on", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_change_is_one_event_however_often_it_is_asked_for_at_once()
    {
        var (tenant, _, admin) = await host.NewTenantAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => ChangeAsync(admin, People.Password, $"chosen by number {n}")));
        Assert.Single(answers, "no problem but 204");
        Assert.Equal(1, await host.EntriesAsync(tenant, "password.changed"));
    }

    private static async Task<string> ChangeAsync(HttpClient client, string current, string chosen)
    {
        using var answer = await client.PostAsJsonAsync("/api/account/password", new NewPassword(current, chosen), JsonSerializerOptions.Web, Cancel);
        return await answer.ProblemAsync();
    }

    private static async Task<string> AskAsync(HttpClient client, string email)
    {
        using var answer = await client.PostAsJsonAsync("/api/account/reset", new ResetRequest(email), JsonSerializerOptions.Web, Cancel);
        return await answer.ProblemAsync();
    }

    private static async Task<string> CompleteAsync(HttpClient client, string token, string password)
    {
        using var answer = await client.PostAsJsonAsync("/api/account/reset/complete", new ResetCompletion(token, password), JsonSerializerOptions.Web, Cancel);
        return await answer.ProblemAsync();
    }
}
