using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Vouchsafe.Access.Running;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Tenants.Contract;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Tenants.Tests.Contract;

/// <summary>The controller's details: printed as given, corrected, never missing.</summary>
public sealed class CompanyTests(AccessHost host) : IClassFixture<AccessHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_agreement_prints_both_parties()
    {
        var (_, form, admin) = await host.NewTenantAsync();
        using (admin)
        {
            using var answer = await admin.GetAsync(ContractEndpoints.Agreement, Cancel);
            Assert.Equal("text/plain", answer.Content.Headers.ContentType!.MediaType);
            Assert.True(answer.Headers.CacheControl!.NoStore);
            var lines = (await answer.Content.ReadAsStringAsync(Cancel)).Split('\n').Select(line => line.Trim()).ToList();
            foreach (var line in new[]
            {
                $"Tenant code: {form.Code}", $"Company: {form.LegalName}", $"Registration number: {form.RegistrationNumber}", $"Registered office: {form.Address}", "Country: EE",
                $"Company: {host.Posture.Company.Name}",
            })
                Assert.Contains(line, lines);
        }
    }

    [Fact]
    public async Task A_detail_cant_pose_as_another_line_of_the_agreement()
    {
        using var client = host.Client();
        var form = People.NewForm() with { Address = "Pikk 1\nand the processor\r\nCompany: Nobody" };
        await host.FoundAsync(form);
        using var admin = host.Client((await client.SignInAsync(form.Email!)).AccessToken);
        var page = await admin.GetStringAsync(ContractEndpoints.Agreement, Cancel);
        Assert.Contains("Registered office: Pikk 1, and the processor, Company: Nobody\n", page, StringComparison.Ordinal);
        Assert.Single(page.Split('\n'), line => line == "and the processor");
    }

    /// <summary>The recipe: one administrator's corrections, more at once than the login has connections, stopped every tenant until they timed out.</summary>
    [Fact]
    public async Task Many_corrections_at_once_wait_for_no_connection_that_they_hold()
    {
        var (_, form, admin) = await host.NewTenantAsync();
        using (admin)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 2 * host.Options.MaximumConnections).Select(n =>
                PutAsync(admin, new CompanyDetails($"Company {n} OÜ", form.RegistrationNumber, "Lai 2, Tallinn", "EE"))));
            Assert.All(answers, answer => Assert.Equal(HttpStatusCode.NoContent, answer));
        }
    }

    [Fact]
    public async Task A_correction_is_printed_and_stands_in_the_trail_once()
    {
        var (tenant, form, admin) = await host.NewTenantAsync();
        using (admin)
        {
            var moved = new CompanyDetails("Moved OÜ", form.RegistrationNumber, "Lai 2, Tallinn", "ee");
            Assert.Equal(HttpStatusCode.NoContent, await PutAsync(admin, moved));
            Assert.Equal(HttpStatusCode.NoContent, await PutAsync(admin, moved));
            var page = await admin.GetStringAsync(ContractEndpoints.Agreement, Cancel);
            Assert.Contains("Company: Moved OÜ", page, StringComparison.Ordinal);
            Assert.Contains("Registered office: Lai 2, Tallinn", page, StringComparison.Ordinal);
        }
        Assert.Equal(1, await host.EntriesAsync(tenant, "tenant.corrected"));
    }

    [Fact]
    public async Task A_detail_cant_be_corrected_away()
    {
        var (tenant, form, admin) = await host.NewTenantAsync();
        using (admin)
        {
            using var answer = await admin.PutAsJsonAsync(ContractEndpoints.Company, new CompanyDetails(" ", null, "Lai 2", "EE"), JsonSerializerOptions.Web, Cancel);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            var errors = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement.GetProperty("errors");
            Assert.Equal(["legalName", "registrationNumber"], errors.EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal));
            Assert.Contains("Company: " + form.LegalName, await admin.GetStringAsync(ContractEndpoints.Agreement, Cancel), StringComparison.Ordinal);
        }
        Assert.Equal(0, await host.EntriesAsync(tenant, "tenant.corrected"));
    }

    /// <summary>409 for a number in use and 204 for another told who is a customer. The claim is contested now, and the operator alone knows.</summary>
    [Fact]
    public async Task A_registration_that_another_tenant_holds_is_answered_as_any_other_and_contested()
    {
        var (_, theirs, other) = await host.NewTenantAsync();
        other.Dispose();
        var (tenant, mine, admin) = await host.NewTenantAsync();
        using (admin)
        {
            var claims = await host.EntriesAsync(TenantId.System.Value, "registration.claimed");
            Assert.Equal(HttpStatusCode.NoContent, await PutAsync(admin, new CompanyDetails(mine.LegalName, "77" + mine.RegistrationNumber, mine.Address, "EE")));
            Assert.Null(await ContestedAsync(tenant));
            Assert.Equal(HttpStatusCode.NoContent, await PutAsync(admin, new CompanyDetails(mine.LegalName, theirs.RegistrationNumber!.Insert(3, " "), mine.Address, "EE")));
            Assert.NotNull(await ContestedAsync(tenant));
            Assert.Equal(claims + 2, await host.EntriesAsync(TenantId.System.Value, "registration.claimed"));
            // Nothing that the tenant reads says so, and the holder holds it still.
            Assert.DoesNotContain("contest", await admin.GetStringAsync("/api/tenant", Cancel), StringComparison.OrdinalIgnoreCase);
            Assert.Equal(HttpStatusCode.NoContent, await PutAsync(admin, new CompanyDetails(mine.LegalName, mine.RegistrationNumber, mine.Address, "EE")));
            Assert.Null(await ContestedAsync(tenant));
        }
    }

    [Fact]
    public async Task A_member_reads_the_agreement_and_corrects_nothing()
    {
        var (_, form, admin) = await host.NewTenantAsync();
        using (admin)
        {
            var person = People.NewForm().Email!;
            await host.JoinAsync(admin, person);
            using var member = host.Client((await admin.SignInAsync(person)).AccessToken);
            Assert.Contains(form.Code!, await member.GetStringAsync(ContractEndpoints.Agreement, Cancel), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.Forbidden, await PutAsync(member, new CompanyDetails("Taken OÜ", form.RegistrationNumber, form.Address, "EE")));
        }
    }

    private async Task<object?> ContestedAsync(Guid tenant) =>
        await TestDatabase.ScalarAsync(host.Superuser, "select contested_at::text from tenants.tenants where tenant_id = $1", tenant) is string at ? at : null;

    private static async Task<HttpStatusCode> PutAsync(HttpClient client, CompanyDetails details)
    {
        using var answer = await client.PutAsJsonAsync(ContractEndpoints.Company, details, JsonSerializerOptions.Web, Cancel);
        return answer.StatusCode;
    }
}
