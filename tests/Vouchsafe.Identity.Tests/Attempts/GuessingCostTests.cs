using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Access.Running;
using Vouchsafe.Cryptography.Passwords;
using Vouchsafe.Identity.Devices;
using Vouchsafe.Identity.Passwords;
using Vouchsafe.Identity.SigningIn;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Identity.Tests.Attempts;

/// <summary>What a guess costs tells nothing of the account: every refusal costs one hash of the posture's figures.</summary>
public sealed class GuessingCostTests(CostlyAccessHost host) : IClassFixture<CostlyAccessHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

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
        await TestDatabase.ScalarAsync(host.Superuser, "update identity.users set password = $1 where not canary",
            PasswordHash.Create(People.Password, new PasswordHashOptions(1000, 32, 32)).ToString());
        foreach (var password in new[] { "wrong password", People.Password })
        {
            using var work = PasswordWork.Measure();
            Assert.IsType<SignIn.Outcome.Refused>(await signIn.AttemptAsync(form.Email!, password, "no-such-tenant", from, DeviceTokens.None, Cancel));
            Assert.Equal(iterations, work.Iterations);
        }
    }

    /// <summary>While one guess is hashed the others are already counted; with hashes as slow as in life, or the test would miss it.</summary>
    [Fact]
    public async Task Guesses_at_once_are_counted_before_they_are_hashed()
    {
        var (_, form, _) = await host.NewTenantAsync();
        using var client = host.Stranger();
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(async n =>
        {
            using var answer = await client.TrySignInAsync(form.Email!, "guess number " + n);
            return answer.StatusCode;
        }));
        Assert.Equal(10, answers.Count(status => status == HttpStatusCode.Unauthorized));
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
            using var client = host.Stranger();
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
}
