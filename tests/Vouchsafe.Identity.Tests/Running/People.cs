using System.Net.Http.Json;
using System.Text.Json;
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
        return new SignUpRequest($"tenant-{number}", $"Company {number} OÜ", $"1{number:D7}", "Pikk 1, Tallinn", "EE", $"admin{number}@example.org", Password);
    }

    public static async Task<SignedUp> SignUpAsync(this HttpClient client, SignUpRequest form)
    {
        using var answer = await client.PostAsJsonAsync("/api/sign-up", form, Web);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<SignedUp>(Web))!;
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
        var tenant = (await client.SignUpAsync(form)).Tenant;
        return (tenant, form, host.Client((await client.SignInAsync(form.Email!)).AccessToken));
    }

    public static async Task<string> ProblemAsync(this HttpResponseMessage answer)
    {
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json") return $"no problem but {(int)answer.StatusCode}";
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return document.RootElement.GetProperty("type").GetString()!.Split('/')[^1];
    }
}
