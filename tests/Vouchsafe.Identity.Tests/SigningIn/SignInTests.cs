using System.Net;
using System.Net.Http.Json;
using Vouchsafe.Access.Running;
using Vouchsafe.Identity.SigningIn;
using Xunit;

namespace Vouchsafe.Identity.Tests.SigningIn;

public sealed class SignInTests(AccessHost host) : IClassFixture<AccessHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sign_in_gives_a_token_that_says_who_it_is()
    {
        var (tenant, form, admin) = await host.NewTenantAsync();
        using (admin)
        {
            var me = await admin.GetFromJsonAsync<Me>("/api/me", Cancel);
            Assert.Equal(form.Email, me!.Email);
            Assert.Equal(tenant, me.Tenant);
            Assert.Equal(["admin"], me.Roles);
            Assert.Contains("members.manage", me.Permissions);
        }
        Assert.Equal(1, await host.EntriesAsync(tenant, "session.opened"));
    }

    [Fact]
    public async Task Unknown_address_and_wrong_password_are_refused_alike()
    {
        var (tenant, form, admin) = await host.NewTenantAsync();
        admin.Dispose();
        using var client = host.Client();
        using var wrong = await client.TrySignInAsync(form.Email!, "not the password");
        using var unknown = await client.TrySignInAsync("nobody@example.org", "not the password");
        using var none = await client.TrySignInAsync("no address", "not the password");
        using var elsewhere = await client.TrySignInAsync(form.Email!, People.Password, "no-such-tenant");
        var bodies = new List<string>();
        foreach (var answer in new[] { wrong, unknown, none, elsewhere })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            bodies.Add(await answer.Content.ReadAsStringAsync(Cancel));
        }
        Assert.Single(bodies.Distinct());
        // In no tenant's trail: whoever was refused has proved no membership.
        Assert.Equal(0, await host.EntriesAsync(tenant, "sign-in.refused"));
    }

    [Fact]
    public async Task A_refresh_token_is_used_once_and_its_second_use_ends_the_family()
    {
        var (tenant, form, admin) = await host.NewTenantAsync();
        admin.Dispose();
        using var client = host.Client();
        var first = await client.SignInAsync(form.Email!);
        var second = await RefreshAsync(client, first.RefreshToken);
        Assert.NotEqual(first.RefreshToken, second!.RefreshToken);
        using (var caller = host.Client(second.AccessToken))
        {
            using var me = await caller.GetAsync("/api/me", Cancel);
            Assert.Equal(HttpStatusCode.OK, me.StatusCode);
        }

        Assert.Null(await RefreshAsync(client, first.RefreshToken));
        Assert.Null(await RefreshAsync(client, second.RefreshToken));
        using (var caller = host.Client(second.AccessToken))
        {
            using var me = await caller.GetAsync("/api/me", Cancel);
            Assert.Equal(HttpStatusCode.Unauthorized, me.StatusCode);
        }
        Assert.Equal(1, await host.EntriesAsync(tenant, "session.ended"));
    }

    [Fact]
    public async Task Of_two_uses_at_once_one_wins_at_most_and_the_family_ends()
    {
        var (_, form, admin) = await host.NewTenantAsync();
        admin.Dispose();
        using var client = host.Client();
        var pair = await client.SignInAsync(form.Email!);
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => RefreshAsync(client, pair.RefreshToken)));
        Assert.True(answers.Count(answer => answer is not null) <= 1);
        using var caller = host.Client(pair.AccessToken);
        using var me = await caller.GetAsync("/api/me", Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, me.StatusCode);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_on_the_server()
    {
        var (tenant, form, admin) = await host.NewTenantAsync();
        using (admin)
        {
            using var left = await admin.PostAsync("/api/auth/sign-out", null, Cancel);
            Assert.Equal(HttpStatusCode.NoContent, left.StatusCode);
            using var me = await admin.GetAsync("/api/me", Cancel);
            Assert.Equal(HttpStatusCode.Unauthorized, me.StatusCode);
        }
        Assert.Equal(1, await host.EntriesAsync(tenant, "session.ended"));
    }

    [Fact]
    public async Task An_account_with_several_tenants_says_which()
    {
        var (_, form, admin) = await host.NewTenantAsync();
        admin.Dispose();
        using var client = host.Client();
        var other = People.NewForm() with { Email = form.Email };
        await host.FoundAsync(other);
        using (var undecided = await client.TrySignInAsync(form.Email!, People.Password))
        {
            Assert.Equal(HttpStatusCode.Conflict, undecided.StatusCode);
            Assert.Equal("tenant-needed", await undecided.ProblemAsync());
        }
        using (var wrong = await client.TrySignInAsync(form.Email!, "not the password"))
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.NotNull(await client.SignInAsync(form.Email!, tenant: other.Code));
        Assert.NotNull(await client.SignInAsync(form.Email!, tenant: form.Code!.ToUpperInvariant()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"email":"a@b.c"}""")]
    [InlineData("""{"email":null,"password":"x"}""")]
    [InlineData("""{"email":"a@b.c","password":"x","password":"y"}""")]
    [InlineData("""{"email":"a@b.c","password":"x","admin":true}""")]
    [InlineData("""{"email":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":1}}}}}}}}},"password":"x"}""")]
    public async Task A_malformed_body_is_a_clear_error(string body)
    {
        using var client = host.Client();
        using var answer = await client.PostAsync("/api/auth/sign-in", new StringContent(body, null, "application/json"), Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("bad-request", await answer.ProblemAsync());
    }

    [Fact]
    public async Task A_body_too_large_or_of_another_type_is_refused()
    {
        using var client = host.Client();
        using var large = await client.PostAsync("/api/auth/sign-in", new StringContent(new string(' ', 70_000), null, "application/json"), Cancel);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        using var xml = await client.PostAsync("/api/auth/sign-in", new StringContent("<a/>", null, "application/xml"), Cancel);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, xml.StatusCode);
    }

    [Fact]
    public async Task Sign_outs_at_once_and_a_stolen_token_used_at_once_are_one_event_each()
    {
        var (tenant, form, admin) = await host.NewTenantAsync();
        await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            using var answer = await admin.PostAsync("/api/auth/sign-out", null, Cancel);
        }));
        Assert.Equal(1, await host.EntriesAsync(tenant, "session.ended"));
        using var client = host.Client();
        var pair = await client.SignInAsync(form.Email!);
        Assert.NotNull(await RefreshAsync(client, pair.RefreshToken));
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => RefreshAsync(client, pair.RefreshToken))), Assert.Null);
        Assert.Equal(2, await host.EntriesAsync(tenant, "session.ended"));
    }

    [Fact]
    public async Task The_password_hash_and_the_address_are_out_of_reach_for_the_tenants_login()
    {
        var (_, form, admin) = await host.NewTenantAsync();
        admin.Dispose();
        foreach (var table in new[] { "users", "memberships", "sessions", "refresh_tokens", "setup", "links", "attempts", "trusted_devices" })
        {
            var denied = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => Testing.Databases.TestDatabase.ScalarAsync(host.App, $"select count(*) from identity.{table}"));
            Assert.Equal("42501", denied.SqlState);
        }
        var dump = (string)(await Testing.Databases.TestDatabase.ScalarAsync(host.Superuser, "select string_agg(u::text, ' ') from identity.users u"))!;
        Assert.DoesNotContain("@", dump, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(form.Email!)), dump, StringComparison.Ordinal);
    }

    private static async Task<TokenPair?> RefreshAsync(HttpClient client, string token)
    {
        using var answer = await client.PostAsJsonAsync("/api/auth/refresh", new RefreshRequest(token), System.Text.Json.JsonSerializerOptions.Web, Cancel);
        if (answer.StatusCode == HttpStatusCode.OK) return await answer.Content.ReadFromJsonAsync<TokenPair>(Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        return null;
    }
}
