using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Vouchsafe.Access.Running;
using Vouchsafe.Identity.Invitations;
using Vouchsafe.Identity.Passwords.Changing;
using Xunit;

namespace Vouchsafe.Identity.Tests.Mails;

/// <summary>Which language a mail is in: of the page for what somebody asks for there, the account's own for what its owner is told.</summary>
public sealed class MailLanguageTests(AccessHost host) : IClassFixture<AccessHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_asked_for_on_a_page_comes_in_its_language_whoever_has_an_account()
    {
        var (_, form, _) = await host.NewTenantAsync();
        using var client = Reader("et", "127.71.1.1");
        var unknown = People.NewForm();
        foreach (var email in new[] { form.Email!, unknown.Email! })
        {
            using var reset = await client.PostAsJsonAsync("/api/account/reset", new ResetRequest(email), JsonSerializerOptions.Web, Cancel);
            Assert.Equal(HttpStatusCode.Accepted, reset.StatusCode);
            using var signUp = await client.PostAsJsonAsync("/api/sign-up", unknown with { Email = email }, JsonSerializerOptions.Web, Cancel);
            Assert.Equal(HttpStatusCode.Accepted, signUp.StatusCode);
        }
        Assert.Equal(["Kas lisada teie kontole ettevõte? (APower Flex)", "Taastage oma parool: APower Flex"], await SubjectsAsync(form.Email!));
        Assert.Equal(["Kinnitage oma registreerumine: APower Flex", "Selle aadressiga kontot ei ole: APower Flex"], await SubjectsAsync(unknown.Email!));
    }

    [Fact]
    public async Task An_invitation_comes_in_the_inviters_language()
    {
        var (_, _, admin) = await host.NewTenantAsync();
        var invited = People.NewForm().Email!;
        admin.DefaultRequestHeaders.Add("Accept-Language", "fr-CA, en;q=0.5");
        using (var answer = await admin.PostAsJsonAsync("/api/members", new NewMember(invited, "user"), JsonSerializerOptions.Web, Cancel)) answer.EnsureSuccessStatusCode();
        Assert.Equal(["Vous êtes invité à rejoindre APower Flex"], await SubjectsAsync(invited));
        admin.Dispose();
    }

    /// <summary>Whoever changes a password may be somebody else: its owner is told in their own language.</summary>
    [Fact]
    public async Task An_accounts_mail_comes_in_the_language_of_its_last_page()
    {
        var (_, form, admin) = await host.NewTenantAsync();
        using (var owner = Reader("uk", "127.71.1.2"))
        {
            owner.DefaultRequestHeaders.Add("Origin", host.Address.GetLeftPart(UriPartial.Authority));
            using var page = await owner.PostAsync("/sign-in", new FormUrlEncodedContent(new Dictionary<string, string> { ["email"] = form.Email!, ["password"] = People.Password }), Cancel);
            Assert.Equal(HttpStatusCode.SeeOther, page.StatusCode);
        }
        admin.DefaultRequestHeaders.Add("Accept-Language", "es");
        using (var changed = await admin.PostAsJsonAsync("/api/account/password", new NewPassword(People.Password, "a better one than before"), JsonSerializerOptions.Web, Cancel))
            Assert.Equal(HttpStatusCode.NoContent, changed.StatusCode);
        Assert.Equal(["Ваш пароль APower Flex змінено"], await SubjectsAsync(form.Email!));
        admin.Dispose();
    }

    private HttpClient Reader(string language, string from)
    {
        var client = host.Client(from: from);
        client.DefaultRequestHeaders.Add("Accept-Language", language);
        return client;
    }

    private async Task<string[]> SubjectsAsync(string email) => [.. (await host.MailAsync(email)).Select(mail => mail.Subject).Order(StringComparer.Ordinal)];
}
