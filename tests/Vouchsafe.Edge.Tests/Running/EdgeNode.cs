using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Edge.Limits;
using Vouchsafe.Edge.Probing;
using Vouchsafe.Hosting.Limits;
using Vouchsafe.Postgres.Errors;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Testing.Databases;

namespace Vouchsafe.Edge.Tests.Running;

/// <summary>A node as a host application would run it, with a few endpoints behind the edge: real Kestrel, real TLS, real database.</summary>
internal sealed class EdgeNode : IAsyncDisposable
{
    private readonly string folder;

    private EdgeNode(WebApplication app, string folder) => (App, this.folder) = (app, folder);

    public WebApplication App { get; }

    public EdgeControls Controls => App.Services.GetRequiredService<EdgeControls>();

    public Uri Https => Address("https");

    public Uri Http => Address("http");

    public static Task<EdgeNode> StartAsync(TestDatabase database, Posture posture, params (string Key, string Value)[] settings) =>
        StartAsync(database, posture, _ => { }, settings);

    /// <param name="map">More endpoints.</param>
    public static async Task<EdgeNode> StartAsync(TestDatabase database, Posture posture, Action<WebApplication> map, params (string Key, string Value)[] settings)
    {
        var folder = Path.Combine(Path.GetTempPath(), "vouchsafe-edge-" + Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(6)));
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production", ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Vouchsafe:Edge:Address"] = "127.0.0.1",
            ["Vouchsafe:Edge:HttpsPort"] = "0",
            ["Vouchsafe:Edge:HttpPort"] = "0",
            ["Vouchsafe:Edge:CertificateFolder"] = folder,
        });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(pair => pair.Key, pair => (string?)pair.Value));
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(database.Options);
        builder.Services.AddSingleton<IDatabase>(_ => new Database(database.Options, database.Keys, TimeProvider.System));
        new EdgeModule().Register(builder.Services, posture);

        var app = builder.Build();
        app.UseEdge();
        app.MapGet("/", () => Results.Content("<html><head><link rel=\"stylesheet\" href=\"/site.css\"></head></html>", "text/html"));
        app.MapGet("/site.css", () => Results.Content("body{}", "text/css"));
        app.MapGet("/healthz/live", () => "live").Unlimited("a probe");
        app.MapGet("/api/me", (HttpContext context) => Results.Json(new { address = Vouchsafe.Edge.Proxies.ClientAddress.Of(context).ToString() }));
        app.MapPost("/api/auth/sign-in", () => Results.Unauthorized()).LimitSignIn();
        app.MapPost("/api/setup", () => Results.BadRequest()).LimitSetup();
        app.MapGet("/audit/roll-up/tile/{**path}", () => Results.NotFound()).LimitTiles();
        app.MapGet("/audit/roll-up/checkpoint", () => Results.Text("checkpoint")).LimitTiles();
        app.MapPost("/echo", async (HttpContext context) => await context.Request.Body.CopyToAsync(context.Response.Body));
        app.MapGet("/fails", IResult () => throw new InvalidOperationException("a secret of the house"));
        app.MapGet("/demoted", IResult () => throw new DatabaseRefusedException(Refusal.ActorDenied, "VS004", null, null, null));
        app.MapGet("/fails-late", (HttpContext context) =>
        {
            context.Response.OnStarting(() => throw new InvalidOperationException("a secret of the house"));
            return "late";
        });
        app.MapGet("/fails-last", (HttpContext context) => context.Response.OnStarting(() => throw new InvalidOperationException("a secret of the house")));
        app.MapGet("/own-headers", (HttpContext context) =>
        {
            context.Response.Headers.ContentSecurityPolicy = "default-src *";
            context.Response.Headers.Server = "own";
            return "own";
        });
        map(app);
        await app.StartAsync();
        await app.Services.GetRequiredService<PermitsListener>().Hears.WaitAsync(TimeSpan.FromSeconds(20));
        return new EdgeNode(app, folder);
    }

    public static CheckContext Context(ICheck check, Posture posture, params IReadOnlyList<EdgeNode> nodes) => new(
        new CheckTarget(nodes[0].Https, nodes[0].Http, [.. nodes.Select(node => node.Https)], AcceptAnyCertificate: true),
        posture.Figures(check.Control), posture, TimeProvider.System);

    /// <summary>The check as it runs inside the application.</summary>
    public ICheck Check(string control) => App.Services.GetServices<ICheck>().Single(check => check.Control == control);

    public HttpClient Client(Version? version = null, IPAddress? source = null) =>
        new Outsider(new CheckTarget(Https, Http, [Https], AcceptAnyCertificate: true), source).Client(version);

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    private Uri Address(string scheme)
    {
        var bound = App.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First(address => address.StartsWith(scheme + ":", StringComparison.Ordinal));
        return new UriBuilder(bound) { Host = "localhost" }.Uri;
    }
}
