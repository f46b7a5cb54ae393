using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Vouchsafe.Access.Running;
using Vouchsafe.Identity.Passwords.Changing;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Identity.Tests.Passwords.Changing;

/// <summary>A thief who had the password signs in on twenty devices and drives the owner's out; the owner's change of the password takes them all away.</summary>
public sealed class DevicesOfTheOldPassword(AccessHost host) : IClassFixture<AccessHost>
{
    private const int MostDevices = 20;
    private const int FromAllNetworks = 50;
    private const string Chosen = "a better one than before";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_leaves_the_thief_what_a_stranger_has_and_the_owner_a_device()
    {
        var (_, form, _) = await host.NewTenantAsync();
        using var owner = host.Stranger();
        var bearer = (await owner.SignInAsync(form.Email!)).AccessToken;
        var thieves = new List<HttpClient>();
        for (var n = 0; n < MostDevices; n++)
        {
            var thief = host.Stranger();
            thieves.Add(thief);
            for (var time = 0; time < 2; time++)
            {
                host.Time.Advance(TimeSpan.FromSeconds(1));
                await thief.SignInAsync(form.Email!);
            }
        }
        Assert.Equal(20L, await DevicesAsync());

        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/account/password")
        {
            Content = JsonContent.Create(new NewPassword(People.Password, Chosen), options: JsonSerializerOptions.Web),
        };
        request.Headers.Authorization = new("Bearer", bearer);
        using (var done = await owner.SendAsync(request, Cancel)) Assert.Equal(HttpStatusCode.NoContent, done.StatusCode);

        Assert.Equal(1L, await DevicesAsync());
        var guesses = 0;
        foreach (var thief in thieves)
            for (var n = 0; n < 4; n++)
                using (var guess = await thief.TrySignInAsync(form.Email!, "guess number " + n))
                    if (guess.StatusCode == HttpStatusCode.Unauthorized) guesses++;
        // All of them together had as many as all strangers have, and the owner signs in beside them.
        Assert.InRange(guesses, 0, FromAllNetworks);
        using (var beyond = await thieves[0].TrySignInAsync(form.Email!, Chosen)) Assert.Equal(HttpStatusCode.TooManyRequests, beyond.StatusCode);
        Assert.NotNull(await owner.SignInAsync(form.Email!, Chosen));
        foreach (var thief in thieves) thief.Dispose();
    }

    /// <summary>Whoever signs in with the old password at the very moment of the change has no device that outlives it.</summary>
    [Fact]
    public async Task No_device_of_the_old_password_outlives_a_change()
    {
        for (var round = 0; round < 4; round++)
        {
            var (_, form, admin) = await host.NewTenantAsync();
            var thieves = Enumerable.Range(0, 6).Select(_ => host.Stranger()).ToList();
            var signedIn = thieves.Select(thief => thief.TrySignInAsync(form.Email!, People.Password)).ToList();
            using (var changed = await admin.PostAsJsonAsync("/api/account/password", new NewPassword(People.Password, Chosen), JsonSerializerOptions.Web, Cancel))
                Assert.Equal(HttpStatusCode.NoContent, changed.StatusCode);
            foreach (var answer in await Task.WhenAll(signedIn)) answer.Dispose();
            Assert.Equal(1L, await DevicesAsync());
            foreach (var thief in thieves) thief.Dispose();
        }
    }

    /// <summary>Of the account that was made last.</summary>
    private async Task<object?> DevicesAsync() => await TestDatabase.ScalarAsync(host.Superuser,
        "select count(*) from identity.trusted_devices where user_id = (select user_id from identity.users where not canary order by created_at desc limit 1)");
}
