using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Hosting.Modules;
using Vouchsafe.Hosting.Problems;
using Vouchsafe.Web.Account;
using Vouchsafe.Web.Assets;
using Vouchsafe.Web.Console.Members;
using Vouchsafe.Web.Console.Operator;
using Vouchsafe.Web.Console.Trail;
using Vouchsafe.Web.Development;
using Vouchsafe.Web.Errors;
using Vouchsafe.Web.Languages;
using Vouchsafe.Web.Layout;
using Vouchsafe.Web.TrustCenter;

namespace Vouchsafe.Web;

/// <summary>Pages, rendered on the server.</summary>
public sealed class WebModule : IModule
{
    public void Register(IServiceCollection services, Posture posture)
    {
        services.AddRazorComponents();
        services.AddSingleton<IErrorPage, ErrorPages>();
        services.AddWords(typeof(WebModule).Assembly);
        services.AddSingleton<WordBook>();
        services.AddNavigation(
            new NavigationLink("/members", "nav.members", "members.read", 50),
            new NavigationLink("/audit", "nav.audit", "audit.read", 60),
            new NavigationLink("/operator", "nav.operator", "assurance.read", 70, TenantsAlone: false),
            new NavigationLink("/trust", "nav.trust", null, 90, TenantsAlone: false));
    }

    public void Map(IEndpointRouteBuilder endpoints)
    {
        AssetEndpoints.Map(endpoints);
        TrustPages.Map(endpoints);
        AccountEndpoints.Map(endpoints);
        LinkPages.Map(endpoints);
        SetUpPages.Map(endpoints);
        MemberPages.Map(endpoints);
        TrailPages.Map(endpoints);
        OperatorPages.Map(endpoints);
        MailboxEndpoints.Map(endpoints);
    }
}
