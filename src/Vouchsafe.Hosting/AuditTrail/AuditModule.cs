using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Vouchsafe.Audit;
using Vouchsafe.Audit.Export;
using Vouchsafe.Audit.RollUp;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.ActionLog;
using Vouchsafe.Hosting.Modules;
using Vouchsafe.Postgres;
using Vouchsafe.Transparency.Checkpoints;

namespace Vouchsafe.Hosting.AuditTrail;

/// <summary>The trail in a web host: its services and checks, and its endpoints for each tenant's administrators.</summary>
public sealed class AuditModule : IModule
{
    public void Register(IServiceCollection services, Posture posture)
    {
        services.AddSingleton(provider => Options(provider.GetService<IConfiguration>(), posture));
        services.AddAudit();
        services.AddSingleton<ActionLogCanary>();
        services.TryAddSingleton<EndpointCatalogue>();
        services.AddSingleton<EndpointWalk>();
        services.AddSingleton<IServedExport, ServedExport>();
        services.AddCheck<ActionLogCheck>();
    }

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapTrail();
        endpoints.MapRollUp();
        endpoints.MapTrailHealth();
        endpoints.MapActionLogCanary();
    }

    private static WitnessOptions Witness(IConfigurationSection witness)
    {
        if (!Uri.TryCreate(witness["Url"], UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http"))
            throw new InvalidOperationException($"{witness.Path}:Url is not a web address; give the witness's submission prefix, like https://witness.example/log.");
        Uri? monitoring = null;
        if (witness["MonitoringUrl"] is { Length: > 0 } second && (!Uri.TryCreate(second, UriKind.Absolute, out monitoring) || monitoring.Scheme is not ("https" or "http")))
            throw new InvalidOperationException($"{witness.Path}:MonitoringUrl is not a web address; give the witness's monitoring prefix, or leave it out where it is that of Url.");
        try
        {
            var key = NoteVerifier.Parse(witness["Key"] ?? "");
            return key.Type == NoteKeyType.Cosignature ? new WitnessOptions(url, key, monitoring) : throw new NoteException("It is a log's key.");
        }
        catch (NoteException problem)
        {
            throw new InvalidOperationException($"{witness.Path}:Key is not the key of a witness (name+id+base64): {problem.Message}");
        }
    }

    private static AuditOptions Options(IConfiguration? configuration, Posture posture)
    {
        var audit = configuration?.GetSection("Vouchsafe:Audit");
        var origin = configuration?["Vouchsafe:Edge:PublicOrigin"];
        return new AuditOptions
        {
            Strict = posture.Figures("audit.immutable").Choice("index") == "in-transaction",
            Witnesses = [.. audit?.GetSection("Witnesses").GetChildren().Select(Witness) ?? []],
            OriginPrefix = audit?["Origin"] ?? (Uri.TryCreate(origin, UriKind.Absolute, out var host) ? $"{host.Authority}/audit/log" : new AuditOptions().OriginPrefix),
            MemoryFolder = audit?["MemoryFolder"] ?? (configuration?["Vouchsafe:Keys:Folder"] is { Length: > 0 } keys ? Path.Combine(keys, "verified-heads") : null),
        };
    }
}
