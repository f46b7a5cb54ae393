using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Access.Running;
using Vouchsafe.Identity.Checks;
using Vouchsafe.Identity.SettingUp;
using Vouchsafe.Identity.SigningIn;
using Vouchsafe.Postgres.Errors;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Identity.Tests.SettingUp;

/// <summary>The operator's first account. One order of events: a set-up closes for good.</summary>
public sealed class SetUpTests(AccessHost host) : IClassFixture<AccessHost>
{
    private const string Staff = "operator@example.org";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_set_up_opens_with_its_newest_code_once_and_the_canary_of_the_staff_counts_for_nobody()
    {
        var setUp = host.Running.GetRequiredService<SetUp>();
        var old = await setUp.IssueCodeAsync(Cancel);
        var code = await setUp.IssueCodeAsync(Cancel);
        Assert.NotEqual(old, code);
        foreach (var wrong in new[] { old!, "", "x", code![..^1] })
            Assert.Equal(SetUp.Result.WrongCode, await setUp.CompleteAsync(wrong, Staff, People.Password, Cancel));
        Assert.Equal(SetUp.Result.BadAccount, await setUp.CompleteAsync(code, "no address", People.Password, Cancel));

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => setUp.CompleteAsync(code, Staff, People.Password, Cancel)));
        Assert.Single(answers, SetUp.Result.Done);
        Assert.Equal(3, answers.Count(answer => answer == SetUp.Result.Closed));
        Assert.Null(await setUp.IssueCodeAsync(Cancel));
        Assert.Equal(1, await host.EntriesAsync(TenantId.System.Value, "setup.closed"));

        using var client = host.Client();
        using var staff = host.Client((await client.SignInAsync(Staff, tenant: "platform")).AccessToken);
        var me = await staff.GetFromJsonAsync<Me>("/api/me", JsonSerializerOptions.Web, Cancel);
        Assert.Equal(["platform_admin"], me!.Roles);
        Assert.Null(me.Tenant);

        var canary = await host.Running.GetRequiredService<IdentityCanary>().StaffTokenAsync(Cancel);
        using (var asCanary = host.Client(canary))
        using (var answer = await asCanary.GetAsync("/api/me", Cancel))
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await using var session = host.Database.Tenant(TestDatabase.ScopeOf(TenantId.System));
        var last = await Assert.ThrowsAsync<DatabaseRefusedException>(() => session.SingleOrDefaultAsync(
            "select identity.remove_member($1, $2)", [TenantId.System.Value, me.User], row => row.GetString(0), Cancel));
        Assert.Equal("VS001", last.SqlState);
    }
}
