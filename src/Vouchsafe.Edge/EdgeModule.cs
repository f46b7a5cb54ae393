using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Edge.Answering;
using Vouchsafe.Edge.Drills;
using Vouchsafe.Edge.Headers;
using Vouchsafe.Edge.Limits;
using Vouchsafe.Edge.Proxies;
using Vouchsafe.Edge.Transport;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Limits;
using Vouchsafe.Hosting.Modules;
using Vouchsafe.Postgres;

namespace Vouchsafe.Edge;

/// <summary>The edge: TLS, the redirect to it, headers on every answer, who the client is, and how often it may ask.</summary>
/// <remarks>
/// <see cref="Register"/> configures Kestrel's listeners; <see cref="EdgeExtensions.UseEdge"/> goes first in the pipeline.
/// Figures come from the posture; configuration says where things are and can relax none of them.
/// </remarks>
public sealed class EdgeModule : IModule
{
    public void Register(IServiceCollection services, Posture posture)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(TransportOptions.From(posture));
        services.AddSingleton(HstsOptions.From(posture));
        services.AddSingleton(HeaderOptions.From(posture));
        services.AddSingleton(RedirectPolicy.From(posture));
        services.AddSingleton(LimitSet.From(posture));
        AddParts(services);
        services.AddCheck<TlsCheck>().AddCheck<HstsCheck>().AddCheck<RedirectCheck>().AddCheck<HeadersCheck>();
        services.AddCheck<SignInLimitCheck>().AddCheck<ApiLimitsCheck>().AddCheck<SetupLimitCheck>().AddCheck<TileLimitCheck>().AddCheck<AnswerCheck>();
        services.AddDrill<TlsDrill>().AddDrill<HstsDrill>().AddDrill<RedirectDrill>().AddDrill<HeadersDrill>();
        services.AddDrill<SignInLimitDrill>().AddDrill<ApiLimitDrill>().AddDrill<SetupLimitDrill>().AddDrill<TileLimitDrill>().AddDrill<AnswerDrill>();
    }

    public void Map(IEndpointRouteBuilder endpoints)
    {
    }

    /// <summary>Everything but the figures.</summary>
    private static void AddParts(IServiceCollection services)
    {
        services.AddSingleton(provider => EdgeAddresses.From(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton(provider => CertificateSource.From(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton(provider => ForwardedOptions.From(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton<ServerCertificate>();
        services.AddSingleton<TlsPolicy>();
        services.AddSingleton<HeaderPolicy>();
        services.AddSingleton<CachePolicy>();
        services.AddSingleton<RefusalPolicy>();
        services.AddSingleton(provider => new NodeId(Guid.CreateVersion7(provider.GetRequiredService<TimeProvider>().GetUtcNow())));
        services.AddSingleton<IPermits, DatabasePermits>();
        services.AddSingleton<RateLimiter>();
        services.TryAddSingleton<EndpointCatalogue>();
        services.AddSingleton<LimitGroupProbe>();
        services.AddSingleton<SetupDoor>();
        services.AddSingleton<ISetupDoor>(provider => provider.GetRequiredService<SetupDoor>());
        services.AddMigrations("edge", 20, typeof(EdgeModule).Assembly);
        services.AddSingleton<EdgeControls>();
        services.AddSingleton<PermitsListener>();
        services.AddHostedService(provider => provider.GetRequiredService<PermitsListener>());
        services.AddHostedService<LimiterUpkeep>();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, EdgeListeners>();
    }
}

public static class EdgeExtensions
{
    /// <summary>Puts the edge at the front of the pipeline, routing behind it, and the limits behind that: a limit is an endpoint's metadata.</summary>
    public static WebApplication UseEdge(this WebApplication app)
    {
        var server = app.Services.GetRequiredService<DiagnosticListener>();
        var watching = BadRequestHeaders.Watch(server, app.Services.GetRequiredService<EdgeControls>());
        app.Lifetime.ApplicationStopped.Register(watching.Dispose);
        app.UseMiddleware<EdgeGate>();
        app.UseRouting();
        app.UseMiddleware<LimitRequests>();
        return app;
    }
}
