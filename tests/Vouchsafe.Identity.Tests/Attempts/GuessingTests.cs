using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Access.Running;
using Vouchsafe.Identity.Devices;
using Vouchsafe.Identity.Passwords;
using Vouchsafe.Identity.SigningIn;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Identity.Tests.Attempts;

/// <summary>Guessing at an account: bounded for it, whoever guesses from wherever, known or not, and never so that its owner is locked out for good.</summary>
public sealed class GuessingTests(AccessHost host) : IClassFixture<AccessHost>
{
    private const int FromOneNetwork = 10;
    private const int FromAllNetworks = 50;
    private static int networks;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_account_and_an_address_without_one_take_ten_guesses_from_a_network()
    {
        var (_, form, _) = await host.NewTenantAsync();
        foreach (var email in new[] { form.Email!, "nobody-at-all@example.org" })
        {
            using var client = Stranger();
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
    public async Task Guesses_at_once_are_counted_before_they_are_hashed()
    {
        var (_, form, _) = await host.NewTenantAsync();
        using var client = Stranger();
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(async n =>
        {
            using var answer = await client.TrySignInAsync(form.Email!, "guess number " + n);
            return answer.StatusCode;
        }));
        Assert.Equal(FromOneNetwork, answers.Count(status => status == HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task The_form_is_limited_as_the_api_is()
    {
        var (_, form, _) = await host.NewTenantAsync();
        using var client = Stranger();
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
        using var home = Stranger();
        await home.SignInAsync(form.Email!);
        var wrong = 0;
        for (var network = 0; network < 7; network++)
        {
            using var bot = Stranger();
            for (var n = 0; n < 9; n++)
            {
                using var guess = await bot.TrySignInAsync(form.Email!, $"guess {network} {n}");
                if (guess.StatusCode == HttpStatusCode.Unauthorized) wrong++;
            }
        }
        Assert.Equal(FromAllNetworks, wrong);

        // Where the owner was before, the owner is no stranger.
        Assert.NotNull(await home.SignInAsync(form.Email!));
        using var away = Stranger();
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
        using var client = Stranger();
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
        var shared = NewNetwork();
        using (var owner = host.Client(from: shared)) await owner.SignInAsync(form.Email!);
        var answers = new List<string>();
        foreach (var email in new[] { form.Email!, "nobody-there@example.org" })
        {
            for (var network = 0; network < 6; network++)
            {
                using var bot = Stranger();
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
        var shared = NewNetwork();
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
    public async Task A_guess_stands_in_the_operators_log_and_in_no_tenants_trail()
    {
        var (mine, form, admin) = await host.NewTenantAsync();
        var (theirs, other, _) = await host.NewTenantAsync();
        await host.JoinAsync(admin, other.Email!, password: People.Password);
        using var client = Stranger();
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

    /// <summary>Counted in iterations, which no clock blurs: each way to be refused costs one hash of the posture's figures.</summary>
    [Fact]
    public async Task Every_refusal_costs_the_same_work()
    {
        var (_, form, _) = await host.NewTenantAsync();
        var iterations = host.Posture.Figures("passwords.pbkdf2").Integer("iterations");
        var signIn = host.Running.GetRequiredService<SignIn>();
        var from = IPAddress.Parse("127.200.1.1");
        foreach (var (email, password, tenant) in new[]
        {
            (form.Email!, "wrong password", (string?)null), ("unknown@example.org", "wrong password", null), ("no address", "wrong password", null),
            (form.Email!, People.Password, "no-such-tenant"), (form.Email!, new string('x', 5000), null),
        })
        {
            using var work = PasswordWork.Measure();
            Assert.IsType<SignIn.Outcome.Refused>(await signIn.AttemptAsync(email, password, tenant, from, DeviceTokens.None, Cancel));
            Assert.Equal(iterations, work.Iterations);
        }
        // Of a hash of weaker days too, whether or not its password is right.
        await TestDatabase.ScalarAsync(host.Superuser, "update identity.users set password = $1 where user_id = (select user_id from identity.users where not canary order by created_at desc limit 1)",
            Cryptography.Passwords.PasswordHash.Create(People.Password, new Cryptography.Passwords.PasswordHashOptions(1000, 32, 32)).ToString());
        foreach (var password in new[] { "wrong password", People.Password })
        {
            using var work = PasswordWork.Measure();
            Assert.IsType<SignIn.Outcome.Refused>(await signIn.AttemptAsync(form.Email!, password, "no-such-tenant", from, DeviceTokens.None, Cancel));
            Assert.Equal(iterations, work.Iterations);
        }
    }

    /// <summary>The same by the clock, over the wire: the medians of a known and an unknown address differ by less than half a hash.</summary>
    [Fact]
    public async Task The_clock_doesnt_tell_a_known_address()
    {
        var (_, form, _) = await host.NewTenantAsync();
        var hasher = host.Running.GetRequiredService<PasswordHasher>();
        var (known, unknown, hash) = (new List<double>(), new List<double>(), new List<double>());
        for (var n = 0; n < 40; n++)
        {
            using var client = Stranger();
            known.Add(await MeasureAsync(() => client.TrySignInAsync(form.Email!, "guess number " + n)));
            unknown.Add(await MeasureAsync(() => client.TrySignInAsync($"unknown{n}@example.org", "guess number " + n)));
            var began = Stopwatch.GetTimestamp();
            hasher.Hash("guess number " + n);
            hash.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        var difference = Math.Abs(Median(known) - Median(unknown));
        TestContext.Current.SendDiagnosticMessage($"known {Median(known):F1} ms, unknown {Median(unknown):F1} ms, a hash {Median(hash):F1} ms");
        Assert.True(difference < Median(hash) / 2, $"known {Median(known):F1} ms, unknown {Median(unknown):F1} ms, a hash {Median(hash):F1} ms");
    }

    private static async Task<double> MeasureAsync(Func<Task<HttpResponseMessage>> ask)
    {
        var began = Stopwatch.GetTimestamp();
        using var answer = await ask();
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <summary>A client from a network of its own.</summary>
    private HttpClient Stranger() => host.Client(from: NewNetwork());

    private static string NewNetwork()
    {
        var number = Interlocked.Increment(ref networks);
        return $"127.77.{number / 250}.{(number % 250) + 2}";
    }
}
