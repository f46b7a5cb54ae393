using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Backoffice.Demo;
using Backoffice.Tests.Databases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.ActionLog;
using Vouchsafe.Hosting.Modules;
using Vouchsafe.Identity.Callers;

namespace Backoffice.Tests.Isolation;

/// <summary>
/// One of two applications, each with a database of its own: in one a tenant is alone, in the other beside a second tenant.
/// Whatever the tenant asks, both must answer the same, or the second tenant can be noticed.
/// </summary>
public sealed class Twin : IAsyncDisposable
{
    private readonly BackofficeDatabase database = new();
    private WebApplication? application;

    public HttpClient Client { get; } = new();

    /// <param name="tenants">Whom it holds.</param>
    internal static async Task<Twin> StartAsync(params DemoTenant[] tenants)
    {
        var twin = new Twin();
        await twin.database.InitializeAsync();
        var seed = ActivatorUtilities.CreateInstance<DemoData>(twin.database.Services!);
        foreach (var tenant in tenants) await seed.SeedAsync(tenant, CancellationToken.None);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        twin.database.Register(builder.Services);
        var application = twin.application = builder.Build();
        application.UseRouting();
        application.UseCallers();
        application.UsePermissionGate();
        application.UseActionLog();
        application.MapModules();
        await application.StartAsync();
        twin.Client.BaseAddress = new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return twin;
    }

    public async Task<string> SignInAsync(string code, string email)
    {
        using var answer = await Client.PostAsJsonAsync("/api/auth/sign-in", new { tenant = code, email, password = DemoData.Password });
        answer.EnsureSuccessStatusCode();
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return body.RootElement.GetProperty("accessToken").GetString()!;
    }

    /// <summary>Status, headers and body; ids that the answer gives are named in the order in which they come, as each database makes its own.</summary>
    public async Task<Answer> AskAsync(string? token, Probe probe)
    {
        using var request = new HttpRequestMessage(new HttpMethod(probe.Method), probe.Path);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (probe.Body is not null) request.Content = new StringContent(probe.Body, Encoding.UTF8, "application/json");
        using var answer = await Client.SendAsync(request);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        var headers = answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key != "Date")
            .OrderBy(header => header.Key, StringComparer.Ordinal).Select(header => $"{header.Key}: {string.Join(", ", header.Value)}");
        var text = $"{(int)answer.StatusCode}\n{string.Join('\n', headers)}\n\n{Encoding.UTF8.GetString(bytes)}";
        return new Answer((int)answer.StatusCode, Encoding.UTF8.GetString(bytes), Canonical(text));
    }

    private static string Canonical(string text)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        return Regex.Replace(text, "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", match =>
            names.TryGetValue(match.Value, out var name) ? name : names[match.Value] = $"id-{names.Count}");
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (application is not null) await application.DisposeAsync();
        await database.DisposeAsync();
    }
}

/// <param name="Path">With its query.</param>
/// <param name="Body">JSON, or null.</param>
public sealed record Probe(string Method, string Path, string? Body = null);

public sealed record Answer(int Status, string Body, string Canonical);
