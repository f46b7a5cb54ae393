using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Hosting.Accounts;
using Vouchsafe.Hosting.Canaries;
using Vouchsafe.Hosting.Limits;
using Vouchsafe.Hosting.Modules;
using Vouchsafe.Identity.Accounts;
using Vouchsafe.Identity.Checks;
using Vouchsafe.Identity.Members;
using Vouchsafe.Identity.Passwords;
using Vouchsafe.Identity.Sessions;
using Vouchsafe.Identity.SettingUp;
using Vouchsafe.Identity.SigningIn;
using Vouchsafe.Identity.Tokens;
using Vouchsafe.Postgres;
using Vouchsafe.Postgres.Sessions;

namespace Vouchsafe.Identity;

/// <summary>Accounts, passwords, sessions, tokens and memberships. Figures come from the posture alone; configuration names the issuer's origin.</summary>
public sealed class IdentityModule : IModule
{
    public void Register(IServiceCollection services, Posture posture)
    {
        services.AddMigrations("identity", 30, typeof(IdentityModule).Assembly);
        services.TryAddSingleton(_ => PasswordOptions.From(posture));
        services.TryAddSingleton(_ => SessionOptions.From(posture));
        services.TryAddSingleton(provider => TokenOptions.From(posture, Issuer(provider)));
        services.AddSingleton<TokenRules>();
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<RefreshTokens>();
        services.AddSingleton<SessionStore>();
        services.AddSingleton<PasswordHasher>();
        services.AddSingleton<EmailVault>();
        services.AddSingleton(provider => new EmailDirectory(provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<EmailVault>()));
        services.AddSingleton<AccountStore>();
        services.AddSingleton<IAccounts>(provider => provider.GetRequiredService<AccountStore>());
        services.AddSingleton<SignIn>();
        services.AddSingleton<SessionOpening>();
        services.AddSingleton(provider => new MemberStore(
            provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<AccountStore>(),
            provider.GetRequiredService<EmailVault>(), provider.GetRequiredService<SessionStore>()));
        services.AddSingleton<IdentityCanary>();
        services.AddSingleton<ICanaryCallers>(provider => provider.GetRequiredService<IdentityCanary>());
        services.AddDrill<PasswordsDrill>().AddDrill<RolesDrill>();
        services.AddCheck<PasswordsCheck>().AddCheck<JwtValidationCheck>().AddCheck<JwtLifetimeCheck>().AddCheck<RolesCheck>();
        services.AddSingleton(provider => new SetUp(
            provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<IAccounts>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetService<ISetupDoor>()));
    }

    public void Map(IEndpointRouteBuilder endpoints)
    {
        SignInEndpoints.Map(endpoints);
        MemberEndpoints.Map(endpoints);
        SetUpEndpoints.Map(endpoints);
    }

    private static string Issuer(IServiceProvider provider) =>
        provider.GetService<IConfiguration>()?["Vouchsafe:Edge:PublicOrigin"]?.TrimEnd('/') is { Length: > 0 } origin ? origin : "https://localhost:5443";
}
