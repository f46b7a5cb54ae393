using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.Accounts;
using Vouchsafe.Hosting.Canaries;
using Vouchsafe.Hosting.Limits;
using Vouchsafe.Hosting.Modules;
using Vouchsafe.Identity.Accounts;
using Vouchsafe.Identity.Attempts;
using Vouchsafe.Identity.Checks;
using Vouchsafe.Identity.Devices;
using Vouchsafe.Identity.Invitations;
using Vouchsafe.Identity.Links;
using Vouchsafe.Identity.Members;
using Vouchsafe.Identity.Passwords;
using Vouchsafe.Identity.Passwords.Changing;
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
        services.AddSingleton<LinkStore>();
        services.AddSingleton(provider => new AccountMail(posture, Issuer(provider)));
        services.AddSingleton<MailboxProofs>();
        services.AddSingleton<ISignUpLinks, SignUpLinks>();
        services.AddSingleton<AttemptStore>();
        services.AddSingleton<PasswordAttempts>();
        services.AddSingleton<TrustedDevices>();
        services.AddSingleton<GuessLog>();
        services.AddSingleton<PasswordProof>();
        services.AddSingleton<IPasswordProof>(provider => provider.GetRequiredService<PasswordProof>());
        services.AddSingleton(provider => new PasswordChange(
            provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<PasswordProof>(), provider.GetRequiredService<PasswordHasher>(),
            provider.GetRequiredService<SessionStore>(), provider.GetRequiredService<EmailVault>(),
            provider.GetRequiredService<AccountMail>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new PasswordReset(
            provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<AccountStore>(), provider.GetRequiredService<LinkStore>(),
            provider.GetRequiredService<PasswordChange>(), provider.GetRequiredService<AttemptStore>(),
            provider.GetRequiredService<EmailVault>(), provider.GetRequiredService<AccountMail>(), provider.GetRequiredService<GuessLog>()));
        services.AddSingleton(provider => new AddressConfirmation(
            provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<LinkStore>(), provider.GetRequiredService<AccountStore>(),
            provider.GetRequiredService<PasswordHasher>(), provider.GetRequiredService<PasswordAttempts>(), provider.GetRequiredService<GuessLog>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new InvitationStore(
            provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<AccountStore>(), provider.GetRequiredService<LinkStore>(),
            provider.GetRequiredService<MailboxProofs>(), provider.GetRequiredService<AccountMail>(), provider.GetRequiredService<AttemptStore>(),
            provider.GetRequiredService<EmailVault>(), provider.GetRequiredService<ITenantDirectory>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetService<ITenantStanding>()));
        services.AddSingleton(provider => new MemberStore(
            provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<EmailVault>(), provider.GetRequiredService<SessionStore>()));
        services.AddSingleton<ICanaryMailbox, CanaryMailbox>();
        services.AddJob<SweepJob>();
        services.AddSingleton<IdentityCanary>();
        services.AddSingleton<EndedSessions>().AddSingleton<UnacceptedInvitation>().AddSingleton<AnswersAlike>();
        services.AddSingleton<IAttemptProbes, AttemptProbes>();
        services.AddSingleton<ICanaryCallers>(provider => provider.GetRequiredService<IdentityCanary>());
        services.AddDrill<PasswordsDrill>().AddDrill<RolesDrill>();
        services.AddCheck<PasswordsCheck>().AddCheck<JwtValidationCheck>().AddCheck<JwtLifetimeCheck>().AddCheck<RolesCheck>();
        services.AddSingleton(provider => new SetUp(
            provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<AccountStore>(), provider.GetRequiredService<LinkStore>(),
            provider.GetRequiredService<AccountMail>(), provider.GetRequiredService<TimeProvider>(), provider.GetService<ISetupDoor>()));
        services.AddSingleton(provider => new SetUpAddress(Issuer(provider) + "/setup"));
        services.AddHostedService<SetUpNotice>();
    }

    public void Map(IEndpointRouteBuilder endpoints)
    {
        SignInEndpoints.Map(endpoints);
        MemberEndpoints.Map(endpoints);
        InvitationEndpoints.Map(endpoints);
        PasswordEndpoints.Map(endpoints);
        ConfirmationEndpoints.Map(endpoints);
        SetUpEndpoints.Map(endpoints);
    }

    private static string Issuer(IServiceProvider provider) =>
        provider.GetService<IConfiguration>()?["Vouchsafe:Edge:PublicOrigin"]?.TrimEnd('/') is { Length: > 0 } origin ? origin : "https://localhost:5443";
}
