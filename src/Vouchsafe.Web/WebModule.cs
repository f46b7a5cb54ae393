using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Hosting.Modules;
using Vouchsafe.Hosting.Problems;
using Vouchsafe.Web.Account;
using Vouchsafe.Web.Assets;
using Vouchsafe.Web.Errors;
using Vouchsafe.Web.TrustCenter;

namespace Vouchsafe.Web;

/// <summary>Pages, rendered on the server.</summary>
public sealed class WebModule : IModule
{
    public void Register(IServiceCollection services, Posture posture)
    {
        services.AddRazorComponents();
        services.AddSingleton<IErrorPage, ErrorPages>();
    }

    public void Map(IEndpointRouteBuilder endpoints)
    {
        AssetEndpoints.Map(endpoints);
        TrustPages.Map(endpoints);
        AccountEndpoints.Map(endpoints);
    }
}
