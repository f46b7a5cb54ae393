using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Access.Running;
using Vouchsafe.Identity.Accounts;
using Vouchsafe.Identity.Attempts;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Tenants.SigningUp;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Tenants.Tests.SigningUp;

/// <summary>Sign-up over HTTP, on a real database.</summary>
public sealed class SignUpTests(AccessHost host) : IClassFixture<AccessHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_form_and_its_mail_found_a_working_tenant_with_its_trial()
    {
        using var client = Stranger();
        var form = People.NewForm();
        var signedUp = await host.SignUpAsync(client, form);
        Assert.Equal(form.Code, signedUp.Code);
        Assert.Equal(host.Time.GetUtcNow() + TimeSpan.FromDays(14), signedUp.TrialEndsAt);
        using var admin = host.Client((await client.SignInAsync(form.Email!)).AccessToken);
        var tenant = await admin.GetFromJsonAsync<JsonElement>("/api/tenant", Cancel);
        Assert.Equal("Active", tenant.GetProperty("standing").GetString());
        Assert.Equal(form.LegalName, tenant.GetProperty("company").GetProperty("legalName").GetString());
        Assert.Equal(1, await host.EntriesAsync(signedUp.Tenant, "tenant.founded"));
        Assert.Equal(1, await host.EntriesAsync(signedUp.Tenant, "member.added"));
    }

    [Fact]
    public async Task Before_the_mail_is_answered_there_is_nothing_and_its_link_opens_once()
    {
        using var client = Stranger();
        var form = People.NewForm();
        var users = await UsersAsync();
        Assert.Equal(HttpStatusCode.Accepted, await TryAsync(client, form));
        Assert.Equal((0L, users), (await CountAsync(form.Code!), await UsersAsync()));
        var token = await host.TokenAsync(form.Email!);
        var dump = (string)(await TestDatabase.ScalarAsync(host.Superuser, "select string_agg(l::text, ' ') from identity.links l"))!;
        Assert.DoesNotContain("@", dump, StringComparison.Ordinal);
        Assert.Equal("invalid-input", await ConfirmAsync(client, token, "        "));
        Assert.Equal("invalid-input", await ConfirmAsync(client, token, "Password1"));
        Assert.Equal("no problem but 201", await ConfirmAsync(client, token, People.Password));
        Assert.Equal("link-refused", await ConfirmAsync(client, token, People.Password));
        Assert.Equal("link-refused", await ConfirmAsync(client, token[..^1] + "_", People.Password));
    }

    [Fact]
    public async Task A_link_runs_out()
    {
        using var client = Stranger();
        var form = People.NewForm();
        await TryAsync(client, form);
        var token = await host.TokenAsync(form.Email!);
        host.Time.Advance(TimeSpan.FromHours(24));
        Assert.Equal("link-refused", await ConfirmAsync(client, token, People.Password));
        Assert.Equal(0L, await CountAsync(form.Code!));
    }

    /// <summary>The recipe: a known address was answered 409, an unknown one 201, and the right password of an account 201.</summary>
    [Fact]
    public async Task Known_and_unknown_address_code_and_company_are_answered_alike()
    {
        using var client = Stranger();
        var there = People.NewForm();
        await host.FoundAsync(there);
        var users = await UsersAsync();
        var requests = await host.EntriesAsync(TenantId.System.Value, "sign-up.requested");
        var answers = new List<string>();
        foreach (var form in new[]
        {
            People.NewForm(),
            People.NewForm() with { Code = there.Code },
            People.NewForm() with { RegistrationNumber = there.RegistrationNumber },
            People.NewForm() with { Email = there.Email!.ToUpperInvariant() },
            there,
        })
        {
            using var answer = await client.PostAsJsonAsync("/api/sign-up", form, JsonSerializerOptions.Web, Cancel);
            answers.Add($"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(Cancel)} {string.Join(',', answer.Headers.Where(header => header.Key != "Date"))}");
        }
        Assert.Single(answers.Distinct());
        Assert.StartsWith("202", answers[0], StringComparison.Ordinal);
        Assert.Equal(users, await UsersAsync());
        Assert.Equal(requests + 5, await host.EntriesAsync(TenantId.System.Value, "sign-up.requested"));
        Assert.Contains("You already have an account", (await host.MailAsync(there.Email!))[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_has_an_account_founds_another_tenant_with_its_own_password_alone()
    {
        using var client = Stranger();
        var there = People.NewForm();
        await host.FoundAsync(there);
        var other = People.NewForm() with { Email = there.Email };
        await TryAsync(client, other);
        var token = await host.TokenAsync(there.Email!);
        Assert.Equal("wrong-password", await ConfirmAsync(client, token, "attackers own 1"));
        Assert.Equal("no problem but 201", await ConfirmAsync(client, token, People.Password));
        Assert.NotNull(await client.SignInAsync(there.Email!, tenant: other.Code));
    }

    [Fact]
    public async Task A_taken_code_is_told_to_whoever_proved_a_mailbox_and_another_can_be_chosen()
    {
        using var client = Stranger();
        var there = People.NewForm();
        await host.FoundAsync(there);
        var form = People.NewForm() with { Code = there.Code };
        await TryAsync(client, form);
        var token = await host.TokenAsync(form.Email!);
        Assert.Equal("tenant-code-taken", await ConfirmAsync(client, token, People.Password));
        Assert.Equal("invalid-input", await ConfirmAsync(client, token, People.Password, "no code!"));
        Assert.Equal("no problem but 201", await ConfirmAsync(client, token, People.Password, there.Code + "-b"));
        Assert.NotNull(await client.SignInAsync(form.Email!, tenant: there.Code + "-b"));
    }

    [Fact]
    public async Task A_company_that_is_a_customer_already_is_founded_and_contested()
    {
        using var client = Stranger();
        var there = People.NewForm();
        await host.FoundAsync(there);
        var spelled = People.NewForm() with { RegistrationNumber = there.RegistrationNumber!.Insert(4, " "), Country = "ee" };
        var founded = await host.SignUpAsync(client, spelled);
        Assert.Equal(true, await TestDatabase.ScalarAsync(host.Superuser, "select contested_at is not null from tenants.tenants where tenant_id = $1", founded.Tenant));
        Assert.Equal(1L, await TestDatabase.ScalarAsync(
            host.Superuser, "select count(*) from tenants.tenants where registration_number = $1 and contested_at is null", there.RegistrationNumber));
    }

    [Fact]
    public async Task Of_many_tenants_that_claim_one_company_at_once_one_holds_it()
    {
        var number = People.NewForm().RegistrationNumber;
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => host.FoundAsync(People.NewForm() with { RegistrationNumber = number })));
        Assert.Equal(1L, await TestDatabase.ScalarAsync(host.Superuser, "select count(*) from tenants.tenants where registration_number = $1 and contested_at is null", number!));
    }

    [Fact]
    public async Task The_same_form_confirmed_twice_is_one_tenant()
    {
        using var client = Stranger();
        var form = People.NewForm();
        Assert.Equal((await host.SignUpAsync(client, form)).Tenant, (await host.SignUpAsync(client, form)).Tenant);
        Assert.Equal(1L, await CountAsync(form.Code!));
    }

    [Fact]
    public async Task One_link_confirmed_many_times_at_once_is_one_tenant()
    {
        using var client = Stranger();
        var form = People.NewForm();
        await TryAsync(client, form);
        var token = await host.TokenAsync(form.Email!);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => ConfirmAsync(client, token, People.Password)));
        Assert.Equal(1L, await CountAsync(form.Code!));
    }

    /// <summary>The recipe: one address founded five tenants a minute.</summary>
    [Fact]
    public async Task A_mailbox_gets_three_mails_an_hour_and_a_client_asks_ten_times()
    {
        using var client = Stranger();
        var form = People.NewForm();
        var answers = new List<HttpStatusCode>();
        for (var n = 0; n < 11; n++) answers.Add(await TryAsync(client, People.NewForm() with { Email = form.Email }));
        Assert.Equal([.. Enumerable.Repeat(HttpStatusCode.Accepted, 10), HttpStatusCode.TooManyRequests], answers);
        Assert.Equal(3, (await host.MailAsync(form.Email!)).Count);
    }

    [Fact]
    public async Task A_mailbox_founds_five_tenants_and_then_waits()
    {
        var form = People.NewForm();
        var (attempts, vault) = (host.Running.GetRequiredService<AttemptStore>(), host.Running.GetRequiredService<EmailVault>());
        var answers = new List<string>();
        for (var n = 0; n < 6; n++)
        {
            using var client = Stranger();
            // So that mails aren't what it fails on.
            await attempts.ClearAsync(attempts.Key(AttemptBudget.SignUpMailToAddress, vault.Index(EmailAddress.Parse(form.Email)!.Value)), Cancel);
            await TryAsync(client, People.NewForm() with { Email = form.Email });
            answers.Add(await ConfirmAsync(client, await host.TokenAsync(form.Email!), People.Password));
        }
        Assert.Equal([.. Enumerable.Repeat("no problem but 201", 5), "too-many-attempts"], answers);
    }

    [Theory]
    [InlineData("code")]
    [InlineData("legalName")]
    [InlineData("registrationNumber")]
    [InlineData("address")]
    [InlineData("country")]
    public async Task Without_code_or_a_detail_of_the_company_nobody_signs_up(string field)
    {
        using var client = host.Client();
        var form = JsonSerializer.SerializeToNode(People.NewForm(), JsonSerializerOptions.Web)!.AsObject();
        var (code, tenants, users) = ((string)form["code"]!, await TenantsAsync(), await UsersAsync());
        form.Remove(field);
        using var answer = await client.PostAsJsonAsync("/api/sign-up", form, Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var errors = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement.GetProperty("errors");
        Assert.Equal(field, Assert.Single(errors.EnumerateObject()).Name);
        Assert.Equal(0L, await CountAsync(code));
        Assert.Equal((tenants, users), (await TenantsAsync(), await UsersAsync()));
    }

    [Theory]
    [InlineData("""{"card":"4111111111111111"}""")]
    [InlineData("""{"code":"abc","code":"abd"}""")]
    [InlineData("""{"code":["abc"]}""")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task A_body_that_isnt_the_form_is_refused(string body)
    {
        using var client = host.Client();
        using var answer = await client.PostAsync("/api/sign-up", new StringContent(body, null, "application/json"), Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.DoesNotContain("4111", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_pages_form_says_to_look_for_mail_or_which_fields_are_wrong()
    {
        using var client = Stranger();
        client.DefaultRequestHeaders.Add("Origin", host.Address.GetLeftPart(UriPartial.Authority));
        var form = People.NewForm();
        using (var wrong = await client.PostAsync("/sign-up", Fields(form with { Country = "XX", Code = "" }), Cancel))
        {
            Assert.Equal(HttpStatusCode.SeeOther, wrong.StatusCode);
            Assert.Equal("/sign-up?error=code:required,country:form", Uri.UnescapeDataString(wrong.Headers.Location!.OriginalString));
            var draft = Assert.Single(wrong.Headers.GetValues("Set-Cookie"));
            Assert.Matches("^__Host-draft=[A-Za-z0-9_-]+; max-age=300; path=/; secure; samesite=strict; httponly$", draft);
        }
        using var right = await client.PostAsync("/sign-up", Fields(form), Cancel);
        Assert.Equal("/sign-up?sent=1", right.Headers.Location!.OriginalString);
        Assert.Single(await host.MailAsync(form.Email!));
    }

    [Fact]
    public async Task The_directory_is_out_of_reach_for_the_tenants_login()
    {
        var denied = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => TestDatabase.ScalarAsync(host.App, "select count(*) from tenants.tenants"));
        Assert.Equal("42501", denied.SqlState);
        var foreign = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => TestDatabase.ScalarAsync(
            host.App, "select tenants.cancel(gen_random_uuid(), now(), now(), now())::text"));
        Assert.Equal("42501", foreign.SqlState);
    }

    private static FormUrlEncodedContent Fields(SignUpRequest form) => new(new Dictionary<string, string>
    {
        ["code"] = form.Code!, ["legalName"] = form.LegalName!, ["registrationNumber"] = form.RegistrationNumber!, ["address"] = form.Address!,
        ["country"] = form.Country!, ["email"] = form.Email!,
    });

    private int strangers;

    /// <summary>A client from a network that nobody asked from before.</summary>
    private HttpClient Stranger() => host.Client(from: $"127.{RandomNumberGenerator.GetInt32(1, 255)}.{RandomNumberGenerator.GetInt32(1, 255)}.{(++strangers % 250) + 2}");

    private static async Task<string> ConfirmAsync(HttpClient client, string token, string password, string? code = null)
    {
        using var answer = await client.PostAsJsonAsync("/api/sign-up/confirm", new SignUpConfirmation(token, password, code), JsonSerializerOptions.Web, Cancel);
        return await answer.ProblemAsync();
    }

    private static async Task<HttpStatusCode> TryAsync(HttpClient client, SignUpRequest form)
    {
        using var answer = await client.PostAsJsonAsync("/api/sign-up", form, JsonSerializerOptions.Web, Cancel);
        return answer.StatusCode;
    }

    private async Task<long> CountAsync(string code) => (long)(await TestDatabase.ScalarAsync(host.Superuser, "select count(*) from tenants.tenants where code = $1", code))!;

    private async Task<long> TenantsAsync() => (long)(await TestDatabase.ScalarAsync(host.Superuser, "select count(*) from tenants.tenants"))!;

    private async Task<long> UsersAsync() => (long)(await TestDatabase.ScalarAsync(host.Superuser, "select count(*) from identity.users"))!;
}
