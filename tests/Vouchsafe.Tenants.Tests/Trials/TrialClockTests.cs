using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Access.Running;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Tenants.Directory;
using Vouchsafe.Tenants.Subscription;
using Xunit;

namespace Vouchsafe.Tenants.Tests.Trials;

/// <summary>The trial's edges to the tick, and what is left when it is over.</summary>
public sealed class TrialClockTests(TrialHost host) : IClassFixture<TrialHost>
{
    private static readonly TimeSpan Trial = TimeSpan.FromDays(14);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Until_the_last_tick_a_tenant_writes_and_from_the_next_on_it_reads()
    {
        var (tenant, form) = await NewAsync();
        host.Time.Advance(Trial - TimeSpan.FromTicks(1));
        using (var last = await AdminAsync(form))
            Assert.Equal(HttpStatusCode.NoContent, (await PostAsync(last, "/api/notes")).Status);

        host.Time.Advance(TimeSpan.FromTicks(1) + TenantStore.TrustedFor);
        using var after = await AdminAsync(form);
        Assert.Equal((HttpStatusCode.PaymentRequired, "trial-ended"), await PostAsync(after, "/api/notes"));
        Assert.Equal(1, await host.EntriesAsync(tenant, "note.written"));
        var read = await after.GetFromJsonAsync<JsonElement>("/api/tenant", Cancel);
        Assert.Equal("TrialEnded", read.GetProperty("standing").GetString());
        Assert.Equal(form.Code, read.GetProperty("code").GetString());
    }

    [Fact]
    public async Task An_endpoint_that_writes_in_answer_to_a_get_is_stopped_by_the_database()
    {
        var (tenant, form) = await EndedAsync();
        using var admin = await AdminAsync(form);
        using var careless = await admin.GetAsync("/api/notes/careless", Cancel);
        Assert.Equal(418, (int)careless.StatusCode);
        Assert.Equal(0, await host.EntriesAsync(tenant, "note.written"));
    }

    [Fact]
    public async Task What_stays_open_stays_open()
    {
        var (tenant, form) = await EndedAsync();
        using var admin = await AdminAsync(form);
        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync(admin, "/api/notes/export")).Status);
        Assert.Equal(1, await host.EntriesAsync(tenant, "note.written"));
        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync(admin, "/api/auth/sign-out")).Status);
    }

    [Fact]
    public async Task One_tenants_end_is_no_others()
    {
        var (_, ended) = await EndedAsync();
        var (_, fresh) = await NewAsync();
        using var late = await AdminAsync(ended);
        using var early = await AdminAsync(fresh);
        Assert.Equal(HttpStatusCode.PaymentRequired, (await PostAsync(late, "/api/notes")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync(early, "/api/notes")).Status);
    }

    [Fact]
    public async Task A_subscription_opens_the_tenant_again()
    {
        var (tenant, form) = await EndedAsync();
        await host.Running.GetRequiredService<Subscriptions>().SubscribeAsync(new TenantId(tenant), Actor.System("test"), Cancel);
        using var admin = await AdminAsync(form);
        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync(admin, "/api/notes")).Status);
        Assert.Equal(1, await host.EntriesAsync(tenant, "subscription.started"));
    }

    [Fact]
    public async Task Cancelling_starts_both_clocks_once()
    {
        var (tenant, form) = await NewAsync();
        using var admin = await AdminAsync(form);
        var at = host.Time.GetUtcNow();
        var first = await CancelAsync(admin);
        Assert.Equal(at, first.GetProperty("cancelledAt").GetDateTimeOffset());
        Assert.Equal(at + TimeSpan.FromDays(30), first.GetProperty("returnUntil").GetDateTimeOffset());
        Assert.Equal(at + TimeSpan.FromDays(30 + 35), first.GetProperty("goneBy").GetDateTimeOffset());

        host.Time.Advance(TimeSpan.FromMinutes(5));
        var second = await CancelAsync(admin);
        Assert.Equal(at, second.GetProperty("cancelledAt").GetDateTimeOffset());
        Assert.Equal(1, await host.EntriesAsync(tenant, "subscription.cancelled"));
        Assert.Equal((HttpStatusCode.Forbidden, "subscription-cancelled"), await PostAsync(admin, "/api/notes"));
        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync(admin, "/api/notes/export")).Status);
    }

    [Fact]
    public async Task One_can_cancel_after_the_trial_too()
    {
        var (_, form) = await EndedAsync();
        using var admin = await AdminAsync(form);
        Assert.Equal("Cancelled", (await CancelAsync(admin)).GetProperty("standing").GetString());
    }

    [Fact]
    public async Task Whoever_is_signed_in_to_a_tenant_that_ended_signs_another_up_and_resets_their_password()
    {
        var (_, form) = await EndedAsync();
        using var admin = await AdminAsync(form);
        using (var asked = await admin.PostAsJsonAsync("/api/sign-up", People.NewForm() with { Email = form.Email }, Cancel)) Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
        using (var reset = await admin.PostAsJsonAsync("/api/account/reset", new { email = form.Email }, Cancel)) Assert.Equal(HttpStatusCode.Accepted, reset.StatusCode);
        using (var unknown = await admin.PostAsJsonAsync("/api/invitations/accept", new { token = "none", password = People.Password }, Cancel)) Assert.Equal("link-refused", await unknown.ProblemAsync());
    }

    [Fact]
    public async Task Cancelling_asks_for_the_password_again()
    {
        var (tenant, form) = await NewAsync();
        using var admin = await AdminAsync(form);
        using (var nothing = await admin.PostAsync("/api/subscription/cancel", null, Cancel))
            Assert.Equal(HttpStatusCode.UnsupportedMediaType, nothing.StatusCode);
        using (var wrong = await admin.PostAsJsonAsync("/api/subscription/cancel", new Cancellation("not the password"), Cancel))
            Assert.Equal("wrong-password", await wrong.ProblemAsync());
        Assert.Equal(0, await host.EntriesAsync(tenant, "subscription.cancelled"));
        Assert.Equal("Active", (await admin.GetFromJsonAsync<JsonElement>("/api/tenant", Cancel)).GetProperty("standing").GetString());
    }

    private async Task<(Guid Tenant, Vouchsafe.Tenants.SigningUp.SignUpRequest Form)> NewAsync()
    {
        var form = People.NewForm();
        return (await host.FoundAsync(form), form);
    }

    private async Task<(Guid Tenant, Vouchsafe.Tenants.SigningUp.SignUpRequest Form)> EndedAsync()
    {
        var made = await NewAsync();
        host.Time.Advance(Trial);
        return made;
    }

    private async Task<HttpClient> AdminAsync(Vouchsafe.Tenants.SigningUp.SignUpRequest form)
    {
        using var client = host.Client();
        return host.Client((await client.SignInAsync(form.Email!)).AccessToken);
    }

    private static async Task<(HttpStatusCode Status, string Problem)> PostAsync(HttpClient client, string path)
    {
        using var answer = await client.PostAsync(path, null, Cancel);
        return (answer.StatusCode, await answer.ProblemAsync());
    }

    private static async Task<JsonElement> CancelAsync(HttpClient client)
    {
        using var answer = await client.PostAsJsonAsync("/api/subscription/cancel", new Cancellation(People.Password), Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement.Clone();
    }
}
