using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Hosting.Access;

namespace Vouchsafe.Hosting.Modules;

/// <summary>Registers modules in order, and maps their endpoints in the same order.</summary>
public static class ModuleHost
{
    public static IServiceCollection AddModules(this IServiceCollection services, Posture posture, params IReadOnlyList<IModule> modules)
    {
        services.TryAddSingleton(posture);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(_ => RoleMatrix.From(posture));
        services.TryAddSingleton<EndpointCatalogue>();
        foreach (var module in modules)
        {
            services.AddSingleton(module);
            module.Register(services, posture);
        }
        return services;
    }

    public static void MapModules(this IEndpointRouteBuilder endpoints)
    {
        foreach (var module in endpoints.ServiceProvider.GetServices<IModule>()) module.Map(endpoints);
    }
}
