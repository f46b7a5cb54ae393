using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Claims.Postures;

namespace Vouchsafe.Hosting.Modules;

/// <summary>A part of Vouchsafe, or of a host application, that registers itself in one place.</summary>
public interface IModule
{
    /// <summary>Services, options from the posture's figures, migrations, jobs and checks.</summary>
    void Register(IServiceCollection services, Posture posture);

    /// <summary>Endpoints; each names its permission or the start-up fails.</summary>
    void Map(IEndpointRouteBuilder endpoints);
}
