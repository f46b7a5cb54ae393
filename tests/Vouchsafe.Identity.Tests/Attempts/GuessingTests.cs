using System.Net;
using System.Net.Http.Json;
using Vouchsafe.Access.Running;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Identity.Tests.Attempts;

/// <summary>Guessing at an account: bounded for it, whoever guesses from wherever, known or not, and never so that its owner is locked out for good.</summary>
public sealed class GuessingTests(AccessHost host) : IClassFixture<AccessHost>
{
    private const int FromOneNetwork = 10;
    private const int FromAllNetworks = 50;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_account_and_an_address_without_one_take_ten_guesses_from_a_network()
    {
        var (_, form, _) = await host.NewTenantAsync();
        foreach (var email in new[] { form.Email!, "nobody-at-all@example.org" })
        {
            using var client = host.Stranger();
            var statuses = new List<HttpStatusCode>();
            for (var n = 0; n < 12; n++)
            {
                using var answer = await client.TrySignInAsync(email, "guess number " + n);
                statuses.Add(answer.StatusCode);
                if (n == 11)
                {
                    Assert.Equal("too-many-attempts", await answer.ProblemAsync());
                    Assert.Equal(TimeSpan.FromMinutes(6), answer.Headers.RetryAfter!.Delta);
                }
            }
            Assert.Equal([.. Enumerable.Repeat(HttpStatusCode.Unauthorized, FromOneNetwork), HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests], statuses);
        }
    }

    [Fact]
    public async Task The_form_is_limited_as_the_api_is()
    {
        var (_, form, _) = await host.NewTenantAsync();
        using var client = host.Stranger();
        client.DefaultRequestHeaders.Add("Origin", host.Address.GetLeftPart(UriPartial.Authority));
        var places = new List<string>();
        for (var n = 0; n <= FromOneNetwork; n++)
        {
            using var answer = await client.PostAsync("/sign-in", new FormUrlEncodedContent([new("email", form.Email!), new("password", "guess number " + n)]), Cancel);
            places.Add(answer.Headers.Location!.OriginalString.Split('&')[0]);
        }
        Assert.Equal([.. Enumerable.Repeat("/sign-in?error=refused", FromOneNetwork), "/sign-in?error=wait"], places);
        using var api = await client.TrySignInAsync(form.Email!, People.Password);
        Assert.Equal(HttpStatusCode.TooManyRequests, api.StatusCode);
    }

    [Fact]
    public async Task Many_networks_share_one_budget_and_neither_the_owners_own_network_nor_a_reset_is_kept_out()
    {
        var (_, form, _) = await host.NewTenantAsync();
        using var home = host.Stranger();
        await home.SignInAsync(form.Email!);
        var wrong = 0;
        for (var network = 0; network < 7; network++)
        {
            using var bot = host.Stranger();
            for (var n = 0; n < 9; n++)
            {
                using var guess = await bot.TrySignInAsync(form.Email!, $"guess {network} {n}");
                if (guess.StatusCode == HttpStatusCode.Unauthorized) wrong++;
            }
        }
        Assert.Equal(FromAllNetworks, wrong);

        // Where the owner was before, the owner is no stranger.
        Assert.NotNull(await home.SignInAsync(form.Email!));
        using var away = host.Stranger();
        using (var kept = await away.TrySignInAsync(form.Email!, People.Password)) Assert.Equal(HttpStatusCode.TooManyRequests, kept.StatusCode);
        // Elsewhere the mailbox opens the way.
        using (var asked = await away.PostAsJsonAsync("/api/account/reset", new { email = form.Email }, Cancel)) Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
        using (var done = await away.PostAsJsonAsync("/api/account/reset/complete", new { token = await host.TokenAsync(form.Email!), password = "a password anew" }, Cancel))
            Assert.Equal(HttpStatusCode.NoContent, done.StatusCode);
        Assert.NotNull(await away.SignInAsync(form.Email!, "a password anew"));
    }

    [Fact]
    public async Task A_right_password_gives_the_network_its_guesses_back()
    {
        var (_, form, _) = await host.NewTenantAsync();
        using var client = host.Stranger();
        for (var round = 0; round < 3; round++)
        {
            for (var n = 0; n < FromOneNetwork - 1; n++)
                using (var guess = await client.TrySignInAsync(form.Email!, "guess number " + n)) Assert.Equal(HttpStatusCode.Unauthorized, guess.StatusCode);
            Assert.NotNull(await client.SignInAsync(form.Email!));
        }
    }

    /// <summary>The recipe: strangers use up what an account has, and somebody who shares its owner's network asks what a wrong password is answered there.</summary>
    [Fact]
    public async Task Who_shares_the_owners_network_isnt_told_that_there_is_an_account()
    {
        var (_, form, _) = await host.NewTenantAsync();
        var shared = host.NewNetwork();
        using (var owner = host.Client(from: shared)) await owner.SignInAsync(form.Email!);
        var answers = new List<string>();
        foreach (var email in new[] { form.Email!, "nobody-there@example.org" })
        {
            for (var network = 0; network < 6; network++)
            {
                using var bot = host.Stranger();
                for (var n = 0; n < 9; n++)
                    using (await bot.TrySignInAsync(email, $"guess {network} {n}"))
                    {
                    }
            }
            using var neighbour = host.Client(from: shared);
            using var answer = await neighbour.TrySignInAsync(email, "a neighbour's guess");
            answers.Add($"{(int)answer.StatusCode} {answer.Headers.RetryAfter} {await answer.Content.ReadAsStringAsync(Cancel)}");
        }
        Assert.Single(answers.Distinct());
        Assert.StartsWith("429", answers[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_owner_signs_in_beside_a_neighbour_who_guesses_and_gives_the_neighbour_nothing_back()
    {
        var (_, form, _) = await host.NewTenantAsync();
        var shared = host.NewNetwork();
        using var owner = host.Client(from: shared);
        await owner.SignInAsync(form.Email!);
        using var neighbour = host.Client(from: shared);
        var seen = new List<HttpStatusCode>();
        for (var n = 0; n < FromOneNetwork + 4; n++)
        {
            if (n >= FromOneNetwork - 1) Assert.NotNull(await owner.SignInAsync(form.Email!));
            using var guess = await neighbour.TrySignInAsync(form.Email!, "guess number " + n);
            seen.Add(guess.StatusCode);
        }
        Assert.Equal([.. Enumerable.Repeat(HttpStatusCode.Unauthorized, FromOneNetwork), .. Enumerable.Repeat(HttpStatusCode.TooManyRequests, 4)], seen);
    }

    [Fact]
    public async Task A_client_that_keeps_no_cookies_drives_no_device_out()
    {
        var (_, form, _) = await host.NewTenantAsync();
        using var browser = host.Stranger();
        await browser.SignInAsync(form.Email!);
        host.Time.Advance(TimeSpan.FromSeconds(1));
        await browser.SignInAsync(form.Email!);
        for (var n = 0; n < 21; n++)
        {
            host.Time.Advance(TimeSpan.FromSeconds(1));
            using var script = host.Stranger();
            await script.SignInAsync(form.Email!);
        }
        Assert.Equal("20 1", await TestDatabase.ScalarAsync(host.Superuser,
            """
            select count(*) || ' ' || count(*) filter (where last_seen_at > trusted_at) from identity.trusted_devices
            where user_id = (select user_id from identity.users where not canary order by created_at desc limit 1)
            """));
    }

    [Fact]
    public async Task A_guess_stands_in_the_operators_log_and_in_no_tenants_trail()
    {
        var (mine, form, admin) = await host.NewTenantAsync();
        var (theirs, other, _) = await host.NewTenantAsync();
        await host.JoinAsync(admin, other.Email!, password: People.Password);
        using var client = host.Stranger();
        var before = await host.EntriesAsync(TenantId.System.Value, "sign-in.refused");
        foreach (var (email, password, tenant) in new[]
        {
            (form.Email!, "wrong", (string?)null), (other.Email!, "wrong", form.Code), (other.Email!, "wrong", null), (form.Email!, People.Password, other.Code), ("nobody@example.org", "x", form.Code),
        })
            using (var guess = await client.TrySignInAsync(email, password, tenant)) Assert.Equal(HttpStatusCode.Unauthorized, guess.StatusCode);
        Assert.Equal(before + 5, await host.EntriesAsync(TenantId.System.Value, "sign-in.refused"));
        Assert.Equal((0L, 0L), (await host.EntriesAsync(mine, "sign-in.refused"), await host.EntriesAsync(theirs, "sign-in.refused")));
        var log = (string)(await TestDatabase.ScalarAsync(host.Superuser, "select string_agg(encode(leaf, 'escape'), ' ') from audit.entries, unnest(leaves) leaf where tenant_id = $1", TenantId.System.Value))!;
        Assert.DoesNotContain("@example", log, StringComparison.Ordinal);
    }
}
