using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Hosting.Accounts;
using Vouchsafe.Identity.Invitations;
using Vouchsafe.Identity.SigningIn;
using Vouchsafe.Tenants.SigningUp;

namespace Vouchsafe.Access.Running;

/// <summary>Signs people up and in over HTTP, as they do it themselves.</summary>
internal static class People
{
    public const string Password = "correct horse battery";

    private static readonly JsonSerializerOptions Web = JsonSerializerOptions.Web;
    private static int count;

    /// <summary>A form that nobody sent yet.</summary>
    public static SignUpRequest NewForm()
    {
        var number = Interlocked.Increment(ref count);
        return new SignUpRequest($"tenant-{number}", $"Company {number} OÜ", $"1{number:D7}", "Pikk 1, Tallinn", "EE", $"admin{number}@example.org");
    }

    /// <summary>Founds the form's tenant as a seed does; its administrator's password is <see cref="Password"/>.</summary>
    public static async Task<Guid> FoundAsync(this AccessHost host, SignUpRequest form) =>
        (await host.Running.GetRequiredService<ITenantFounder>().FoundAsync(
            new TenantFounding(form.Code!, form.LegalName!, form.RegistrationNumber!, form.Address!, form.Country!, form.Email!, Password), CancellationToken.None)).Value;

    /// <summary>Sends the form as a stranger does, and answers the mail.</summary>
    public static async Task<SignedUp> SignUpAsync(this AccessHost host, HttpClient client, SignUpRequest form, string password = Password)
    {
        using (var asked = await client.PostAsJsonAsync("/api/sign-up", form, Web)) asked.EnsureSuccessStatusCode();
        using var answer = await client.PostAsJsonAsync("/api/sign-up/confirm", new SignUpConfirmation(await host.TokenAsync(form.Email!), password), Web);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<SignedUp>(Web))!;
    }

    /// <summary>Invites somebody and accepts for them.</summary>
    public static async Task JoinAsync(this AccessHost host, HttpClient admin, string email, string role = "user", string password = Password)
    {
        using (var invited = await admin.PostAsJsonAsync("/api/members", new NewMember(email, role), Web)) invited.EnsureSuccessStatusCode();
        using var accepted = await admin.PostAsJsonAsync("/api/invitations/accept", new AcceptedInvitation(await host.TokenAsync(email), password), Web);
        accepted.EnsureSuccessStatusCode();
    }

    public static Task<HttpResponseMessage> TrySignInAsync(this HttpClient client, string email, string password, string? tenant = null) =>
        client.PostAsJsonAsync("/api/auth/sign-in", new SignInRequest(email, password, tenant), Web);

    public static async Task<TokenPair> SignInAsync(this HttpClient client, string email, string password = Password, string? tenant = null)
    {
        using var answer = await client.TrySignInAsync(email, password, tenant);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<TokenPair>(Web))!;
    }

    /// <summary>A new tenant and a client signed in as its administrator.</summary>
    public static async Task<(Guid Tenant, SignUpRequest Form, HttpClient Admin)> NewTenantAsync(this AccessHost host)
    {
        using var client = host.Client();
        var form = NewForm();
        var tenant = await host.FoundAsync(form);
        return (tenant, form, host.Client((await client.SignInAsync(form.Email!)).AccessToken));
    }

    public static async Task<string> ProblemAsync(this HttpResponseMessage answer)
    {
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json") return $"no problem but {(int)answer.StatusCode}";
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return document.RootElement.GetProperty("type").GetString()!.Split('/')[^1];
    }
}
