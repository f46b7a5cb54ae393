using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Vouchsafe.Access.Running;
using Vouchsafe.Tenants.SigningUp;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Tenants.Tests.SigningUp;

/// <summary>Sign-up over HTTP, on a real database.</summary>
public sealed class SignUpTests(AccessHost host) : IClassFixture<AccessHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_form_founds_a_working_tenant_with_its_trial()
    {
        using var client = host.Client();
        var form = People.NewForm();
        var before = host.Time.GetUtcNow();
        var signedUp = await client.SignUpAsync(form);
        Assert.Equal(form.Code, signedUp.Code);
        Assert.Equal(before + TimeSpan.FromDays(14), signedUp.TrialEndsAt);
        using var admin = host.Client((await client.SignInAsync(form.Email!)).AccessToken);
        var tenant = await admin.GetFromJsonAsync<JsonElement>("/api/tenant", Cancel);
        Assert.Equal("Active", tenant.GetProperty("standing").GetString());
        Assert.Equal(form.LegalName, tenant.GetProperty("company").GetProperty("legalName").GetString());
        Assert.Equal(1, await host.EntriesAsync(signedUp.Tenant, "tenant.founded"));
        Assert.Equal(1, await host.EntriesAsync(signedUp.Tenant, "member.added"));
    }

    [Fact]
    public async Task The_same_form_sent_twice_is_one_tenant()
    {
        using var client = host.Client();
        var form = People.NewForm();
        Assert.Equal((await client.SignUpAsync(form)).Tenant, (await client.SignUpAsync(form)).Tenant);
        Assert.Equal(1L, await CountAsync(form.Code!));
    }

    [Fact]
    public async Task The_same_form_sent_at_once_is_one_tenant()
    {
        using var client = host.Client();
        var form = People.NewForm();
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => client.SignUpAsync(form)));
        Assert.Single(answers.Select(answer => answer.Tenant).Distinct());
        Assert.Equal(1L, await CountAsync(form.Code!));
        Assert.Equal(1, await host.EntriesAsync(answers[0].Tenant, "tenant.founded"));
    }

    [Fact]
    public async Task Of_many_companies_that_want_one_code_at_once_one_gets_it()
    {
        using var client = host.Client();
        var code = People.NewForm().Code;
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => TryAsync(client, People.NewForm() with { Code = code })));
        Assert.Single(answers, HttpStatusCode.Created);
        Assert.Equal(5, answers.Count(answer => answer == HttpStatusCode.Conflict));
        Assert.Equal(1L, await CountAsync(code!));
    }

    [Fact]
    public async Task Of_many_tenants_that_claim_one_company_at_once_one_is_founded()
    {
        using var client = host.Client();
        var company = People.NewForm();
        string?[] spellings = [company.RegistrationNumber, company.RegistrationNumber!.Insert(4, " "), company.RegistrationNumber.Insert(2, "-"), company.RegistrationNumber.Insert(5, ".")];
        var answers = await Task.WhenAll(spellings.Select(spelling => TryAsync(client, People.NewForm() with { RegistrationNumber = spelling, Country = "ee" })));
        Assert.Single(answers, HttpStatusCode.Created);
        Assert.Equal(1L, await TestDatabase.ScalarAsync(host.Superuser, "select count(*) from tenants.tenants where registration_number = $1", company.RegistrationNumber));
    }

    [Fact]
    public async Task The_same_number_in_another_country_is_another_company()
    {
        using var client = host.Client();
        var one = People.NewForm();
        await client.SignUpAsync(one);
        Assert.Equal(HttpStatusCode.Created, await TryAsync(client, People.NewForm() with { RegistrationNumber = one.RegistrationNumber, Country = "FI" }));
    }

    [Fact]
    public async Task Taken_code_taken_company_and_known_address_are_refused_alike_and_leave_nothing()
    {
        using var client = host.Client();
        var there = People.NewForm();
        await client.SignUpAsync(there);
        var users = await UsersAsync();
        var bodies = new List<string>();
        foreach (var clash in new[]
        {
            People.NewForm() with { Code = there.Code },
            People.NewForm() with { RegistrationNumber = there.RegistrationNumber },
            People.NewForm() with { Email = there.Email!.ToUpperInvariant(), Password = "another password" },
        })
        {
            using var answer = await client.PostAsJsonAsync("/api/sign-up", clash, JsonSerializerOptions.Web, Cancel);
            Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
            bodies.Add(await answer.Content.ReadAsStringAsync(Cancel));
            if (clash.Code != there.Code) Assert.Equal(0L, await CountAsync(clash.Code!));
        }
        Assert.Single(bodies.Distinct());
        Assert.Equal(users, await UsersAsync());
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
    public async Task The_pages_form_leads_to_the_sign_in_or_back_with_the_fields_that_are_wrong()
    {
        using var client = host.Client();
        client.DefaultRequestHeaders.Add("Origin", host.Address.GetLeftPart(UriPartial.Authority));
        var form = People.NewForm();
        using (var wrong = await client.PostAsync("/sign-up", Fields(form with { Country = "XX", Code = "" }), Cancel))
        {
            Assert.Equal(HttpStatusCode.SeeOther, wrong.StatusCode);
            Assert.Equal("/sign-up?error=code,country", Uri.UnescapeDataString(wrong.Headers.Location!.OriginalString));
            var draft = Assert.Single(wrong.Headers.GetValues("Set-Cookie"));
            Assert.Matches("^__Host-draft=[A-Za-z0-9_-]+; max-age=300; path=/; secure; samesite=strict; httponly$", draft);
        }
        Assert.Equal(0L, await CountAsync(form.Code!));
        using var right = await client.PostAsync("/sign-up", Fields(form), Cancel);
        Assert.Equal("/sign-in?welcome=" + form.Code, right.Headers.Location!.OriginalString);
        Assert.Equal(1L, await CountAsync(form.Code!));
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
        ["country"] = form.Country!, ["email"] = form.Email!, ["password"] = form.Password!,
    });

    private static async Task<HttpStatusCode> TryAsync(HttpClient client, SignUpRequest form)
    {
        using var answer = await client.PostAsJsonAsync("/api/sign-up", form, JsonSerializerOptions.Web, Cancel);
        return answer.StatusCode;
    }

    private async Task<long> CountAsync(string code) => (long)(await TestDatabase.ScalarAsync(host.Superuser, "select count(*) from tenants.tenants where code = $1", code))!;

    private async Task<long> TenantsAsync() => (long)(await TestDatabase.ScalarAsync(host.Superuser, "select count(*) from tenants.tenants"))!;

    private async Task<long> UsersAsync() => (long)(await TestDatabase.ScalarAsync(host.Superuser, "select count(*) from identity.users"))!;
}
