using System.Collections.Frozen;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Vouchsafe.Audit;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.ActionLog;
using Vouchsafe.Hosting.AuditTrail;
using Vouchsafe.Hosting.Canaries;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Testing.Databases;

namespace Vouchsafe.Hosting.Tests.ActionLog;

/// <summary>A real server with the action log, the trail's endpoints and some endpoints of a host, over a real database.</summary>
public sealed class ActionLogApplication() : TestDatabase(AuditServices.Migrations)
{
    internal const string As = "X-Test-Caller";

    private static readonly Posture Posture = PostureFile.Parse(
        """
        posture: recorded
        extends: baseline
        company: { name: Recorded Ltd, product: Recorded, country: IE, contacts: { security: security@recorded.example } }
        languages: [en]
        claims: [{ id: RC-01, kind: enforced, area: audit, text: { en: "We record." }, controls: { audit.actions: {} } }]
        """);

    private readonly string _keys = TestCluster.NewFolder();
    private WebApplication? _app;

    internal TenantId Tenant { get; } = new(new Guid("00000000-0000-7000-8000-0000000000a1"));

    internal Guid Person { get; } = new("00000000-0000-7000-8000-0000000000a2");

    /// <summary>A path whose requests the action log doesn't see as what they are.</summary>
    internal string? Past { get; set; }

    /// <summary>What a path answers instead of its endpoint.</summary>
    internal (string Path, string Body)? Answer { get; set; }

    internal HttpClient Client { get; private set; } = null!;

    internal T Get<T>() where T : notnull => _app!.Services.GetRequiredService<T>();

    internal ICheck Check(string control) => _app!.Services.GetServices<ICheck>().Single(check => check.Control == control);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddRouting();
        builder.Services.AddSingleton<TimeProvider>(Time);
        builder.Services.AddSingleton(new KeyRing(new FolderKeyStore(_keys), Time));
        builder.Services.AddSingleton<IDatabase>(provider =>
        {
            Services = provider;
            return Database;
        });
        builder.Services.AddSingleton<ICanaryTenants>(new Canaries(Tenant)).AddSingleton<ICanaryCallers>(new Canaries(Tenant));
        var module = new AuditModule();
        module.Register(builder.Services, Posture);
        // Proofs and checks sequence what they need; a background round would meet the test's clock, which stands still.
        foreach (var hosted in builder.Services.Where(service => service.ServiceType == typeof(IHostedService) && service.ImplementationType?.Namespace?.StartsWith("Vouchsafe", StringComparison.Ordinal) == true).ToList())
            builder.Services.Remove(hosted);
        _app = builder.Build();
        _app.UseRouting();
        _app.Use(AuthenticateAsync);
        _app.Use((context, next) =>
        {
            if (Answer is { } answer && context.Request.Path == answer.Path)
            {
                context.Response.ContentType = "application/json";
                return context.Response.WriteAsync(answer.Body);
            }

            if (context.Request.Path == Past)
                context.Request.Method = HttpMethods.Get;
            return next(context);
        });
        _app.UseActionLog();
        module.Map(_app);
        _app.MapPost("/silent", () => Results.Text("done"));
        _app.MapPost("/telling", async (HttpContext context, IDatabase database) =>
        {
            await using var session = database.Tenant(Caller.Required(context).Scope);
            await session.RecordAsync(new AuditEvent("order.created"), context.RequestAborted);
            return Results.Text("done");
        });
        _app.MapPost("/failing", string () => throw new InvalidOperationException("on purpose"));
        _app.MapGet("/plain", () => "nothing personal");
        _app.MapGet("/people", () => "Maarja Kask").ReadsPersonalData("people");
        await _app.StartAsync();
        Client = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
    }

    internal async Task<IReadOnlyList<TrailEntry>> EntriesAsync(TenantId tenant)
    {
        var reader = Get<TrailReader>();
        await reader.ProveAsync(tenant, Guid.Empty, CancellationToken.None);
        await using var session = Database.Tenant(ScopeOf(tenant));
        return await reader.ListAsync(session, null, 100, CancellationToken.None);
    }

    public override async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_app is not null)
            await _app.DisposeAsync();
        await base.DisposeAsync();
        Directory.Delete(_keys, recursive: true);
    }

    private Task AuthenticateAsync(HttpContext context, RequestDelegate next)
    {
        Caller? caller = context.Request.Headers.Authorization == "Bearer " + Canaries.Token ? CallerIn(Tenant) : context.Request.Headers[As].ToString() switch
        {
            "person" => CallerIn(Tenant),
            "staff" => new Caller(Person, null, FrozenSet<string>.Empty, FrozenSet<string>.Empty, OwnerReach.All, IPAddress.Parse("203.0.113.10")),
            _ => null,
        };
        if (caller is not null)
            context.Features.Set(caller);
        return next(context);
    }

    private Caller CallerIn(TenantId tenant) =>
        new(Person, tenant, FrozenSet<string>.Empty, FrozenSet<string>.Empty, OwnerReach.All, IPAddress.Parse("203.0.113.9"));

    private sealed class Canaries(TenantId tenant) : ICanaryTenants, ICanaryCallers
    {
        public const string Token = "canary-admin";

        public string Password => "unused: nobody signs in here";

        public string Address(string role) => $"{role}@canary.test";

        public Task<TenantId> LastingAsync(CancellationToken cancellationToken) => Task.FromResult(tenant);

        public Task<string> TokenAsync(TenantId of, string role, CancellationToken cancellationToken) => Task.FromResult(Token);
    }
}
