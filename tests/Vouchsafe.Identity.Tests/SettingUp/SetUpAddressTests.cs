using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Access.Running;
using Vouchsafe.Identity.SettingUp;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Identity.Tests.SettingUp;

/// <summary>
/// Which address the operator's first account may have, and what it may do before its mailbox was proved.
/// </summary>
public sealed class SetUpAddressTests(AccessHost host) : IClassFixture<AccessHost>
{
    private const string Operator = "first-operator@example.org";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_address_of_a_customer_is_refused_and_nothing_is_made()
    {
        var (_, form, admin) = await host.NewTenantAsync();
        var code = (await host.Running.GetRequiredService<SetUp>().IssueCodeAsync(Cancel))!;
        foreach (var password in new[] { People.Password, "not the customer's password" })
            Assert.Equal((HttpStatusCode.Conflict, "customer-account"), await SetUpAsync(code, form.Email!, password));
        // Without the code nobody is told anything of an address.
        Assert.Equal((HttpStatusCode.Forbidden, "setup-code-refused"), await SetUpAsync(code[..^2] + "xx", form.Email!, People.Password));
        Assert.Equal(0, await host.EntriesAsync(TenantId.System.Value, "setup.closed"));
        Assert.Equal(0, await host.EntriesAsync(TenantId.System.Value, "member.added"));
        using (var me = await admin.GetAsync("/api/me", Cancel)) Assert.Equal(HttpStatusCode.OK, me.StatusCode);
        Assert.NotNull(await admin.SignInAsync(form.Email!));
        Assert.True(await host.Running.GetRequiredService<SetUp>().IsOpenAsync(Cancel));
        Assert.Equal((HttpStatusCode.NoContent, "no problem but 204"), await SetUpAsync(code, Operator, People.Password));
        await UnconfirmedAsync();
    }

    /// <summary>
    /// The code proves the console and no mailbox: whoever has the mailbox that was typed gets no way to the
    /// operator's password.
    /// </summary>
    private async Task UnconfirmedAsync()
    {
        using var client = host.Client();
        var mail = Assert.Single(await host.MailAsync(Operator));
        Assert.Contains("/account/confirm?token=", mail.Text, StringComparison.Ordinal);
        Assert.Equal("no problem but 202", await PostAsync(client, "/api/account/reset", new { email = Operator }));
        var mails = await host.MailAsync(Operator);
        Assert.Equal(2, mails.Count);
        Assert.All(mails, sent => Assert.DoesNotContain("/reset/confirm", sent.Text, StringComparison.Ordinal));
        foreach (var token in mails.Select(AccessHost.Token))
        {
            Assert.Equal("link-refused", await PostAsync(client, "/api/account/reset/complete", new { token, password = "of whoever has the mailbox" }));
            Assert.Equal("wrong-password", await PostAsync(client, "/api/account/confirm", new { token, password = "of whoever has the mailbox" }));
        }
        // Nor where a link to reset was planted.
        Assert.Equal(0L, await TestDatabase.ScalarAsync(host.Superuser, "select count(*) from identity.users where confirmed_at is not null and user_id in (select user_id from identity.memberships where role = 'platform_admin')"));

        var right = AccessHost.Token(mails[0]);
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PostAsync(client, "/api/account/confirm", new { token = right, password = People.Password })));
        Assert.Single(answers, "no problem but 204");
        Assert.Equal(1, await host.EntriesAsync(TenantId.System.Value, "address.confirmed"));
        await PostAsync(client, "/api/account/reset", new { email = Operator });
        Assert.Equal("no problem but 204", await PostAsync(client, "/api/account/reset/complete", new { token = await host.TokenAsync(Operator), password = "chosen by the operator" }));
    }

    private static async Task<string> PostAsync(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync(path, body, JsonSerializerOptions.Web, Cancel);
        return await answer.ProblemAsync();
    }

    private async Task<(HttpStatusCode, string)> SetUpAsync(string code, string email, string password)
    {
        using var client = host.Client();
        using var answer = await client.PostAsJsonAsync("/api/setup", new SetUpRequest(code, email, password), JsonSerializerOptions.Web, Cancel);
        return (answer.StatusCode, await answer.ProblemAsync());
    }
}
