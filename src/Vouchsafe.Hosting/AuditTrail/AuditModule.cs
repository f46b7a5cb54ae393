using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Audit;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Hosting.ActionLog;
using Vouchsafe.Hosting.Modules;
using Vouchsafe.Postgres;

namespace Vouchsafe.Hosting.AuditTrail;

/// <summary>The trail in a web host: its services and checks, and its endpoints for each tenant's administrators.</summary>
public sealed class AuditModule : IModule
{
    public void Register(IServiceCollection services, Posture posture)
    {
        services.AddSingleton(provider => Options(provider.GetService<IConfiguration>()));
        services.AddAudit();
        services.AddSingleton<ActionLogCanary>();
        services.AddCheck<ActionLogCheck>();
    }

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapTrail();
        endpoints.MapActionLogCanary();
    }

    private static AuditOptions Options(IConfiguration? configuration)
    {
        var audit = configuration?.GetSection("Vouchsafe:Audit");
        var origin = configuration?["Vouchsafe:Edge:PublicOrigin"];
        return new AuditOptions
        {
            OriginPrefix = audit?["Origin"] ?? (Uri.TryCreate(origin, UriKind.Absolute, out var host) ? $"{host.Authority}/audit/log" : new AuditOptions().OriginPrefix),
            MemoryFolder = audit?["MemoryFolder"] ?? (configuration?["Vouchsafe:Keys:Folder"] is { Length: > 0 } keys ? Path.Combine(keys, "verified-heads") : null),
        };
    }
}
