using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Accounts;
using Vouchsafe.Hosting.Canaries;
using Vouchsafe.Hosting.Modules;
using Vouchsafe.Postgres;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Tenants.Canaries;
using Vouchsafe.Tenants.Checks;
using Vouchsafe.Tenants.Contract;
using Vouchsafe.Tenants.Directory;
using Vouchsafe.Tenants.Drills;
using Vouchsafe.Tenants.SigningUp;
using Vouchsafe.Tenants.Subscription;

namespace Vouchsafe.Tenants;

/// <summary>Sign-up, the trial, and the directory of tenants.</summary>
public sealed class TenantsModule : IModule
{
    public void Register(IServiceCollection services, Posture posture)
    {
        services.AddMigrations("tenants", 40, typeof(TenantsModule).Assembly);
        services.TryAddSingleton(_ => TrialOptions.From(posture));
        services.AddSingleton<CompanyRules>();
        services.AddSingleton<TenantStore>();
        services.AddSingleton<ITenantDirectory>(provider => provider.GetRequiredService<TenantStore>());
        services.AddSingleton<ITenantStanding>(provider => provider.GetRequiredService<TenantStore>());
        services.AddSingleton<RegistrationClaims>();
        services.AddSingleton(provider => new SignUp(
            provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<IAccounts>(), provider.GetRequiredService<ISignUpLinks>(),
            provider.GetRequiredService<TrialOptions>(), provider.GetRequiredService<CompanyRules>(), provider.GetRequiredService<RegistrationClaims>(),
            provider.GetRequiredService<TenantStore>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ITenantFounder, TenantFounder>();
        services.AddSingleton(provider => new Subscriptions(
            provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<TenantStore>(), provider.GetRequiredService<TrialOptions>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<CompanyCorrection>();
        services.AddSingleton<Agreement>();
        services.AddSingleton<CanaryTenants>();
        services.AddSingleton<ICanaryTenants>(provider => provider.GetRequiredService<CanaryTenants>());
        services.AddCheck<TrialCheck>().AddCheck<ControllerIdentityCheck>();
        services.AddDrill<TrialDrill>().AddDrill<ControllerDrill>();
    }

    public void Map(IEndpointRouteBuilder endpoints)
    {
        SignUpEndpoints.Map(endpoints);
        SubscriptionEndpoints.Map(endpoints);
        ContractEndpoints.Map(endpoints);
    }
}
