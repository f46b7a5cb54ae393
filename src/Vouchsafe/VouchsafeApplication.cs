using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Vouchsafe.Assurance;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Configuration;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Edge;
using Vouchsafe.Guarding;
using Vouchsafe.Hosting.Access;
using Vouchsafe.Hosting.ActionLog;
using Vouchsafe.Hosting.AuditTrail;
using Vouchsafe.Hosting.Languages;
using Vouchsafe.Hosting.Modules;
using Vouchsafe.Hosting.Requests;
using Vouchsafe.Identity;
using Vouchsafe.Identity.Callers;
using Vouchsafe.Keys;
using Vouchsafe.Mail;
using Vouchsafe.Migrating;
using Vouchsafe.OpenApi;
using Vouchsafe.Postgres;
using Vouchsafe.Postgres.Linting;
using Vouchsafe.Tenants;
using Vouchsafe.Web;

namespace Vouchsafe;

/// <summary>The three lines of a host's Program.cs.</summary>
/// <example>
/// <code>
/// var builder = WebApplication.CreateBuilder(args);
/// builder.AddVouchsafe("postures/clientflow.yaml");
/// var app = builder.Build();
/// app.UseVouchsafe();
/// app.MapVouchsafe();
/// app.Run();
/// </code>
/// </example>
public static class VouchsafeApplication
{
    /// <summary>Reads the posture and registers everything that keeps and proves it.</summary>
    /// <param name="posture">A file, or a name under <c>postures/</c>; <c>Vouchsafe:Posture</c> in the configuration goes before it.</param>
    /// <exception cref="PostureException">The posture can't be kept; every error is named with file, line and column.</exception>
    /// <exception cref="ConfigurationException">Something that the configuration must say is missing.</exception>
    public static VouchsafeBuilder AddVouchsafe(this WebApplicationBuilder builder, string posture)
    {
        CommandLineSecrets.Refuse(Environment.GetCommandLineArgs());
        var configuration = builder.Configuration;
        var file = PostureLocation.Find(configuration["Vouchsafe:Posture"] ?? posture, builder.Environment.ContentRootPath, AppContext.BaseDirectory);
        var promised = PostureFile.Load(file);
        var services = builder.Services;

        var keys = DatabaseSettings.Required(configuration.GetSection("Vouchsafe:Keys"), "Folder");
        services.AddSingleton(provider => KeyStoreFactory.Open(keys, configuration, provider.GetRequiredService<Postgres.Roles.DatabaseOptions>()));
        services.AddSingleton<IKeyStore>(provider => provider.GetRequiredService<IRootKeyStore>());
        services.AddSingleton<KeyGuard>();
        // The framework makes keys of its own for whoever asks it to; shared by all nodes, beside the other keys, sealed as they are.
        services.AddDataProtection().SetApplicationName("vouchsafe").PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(keys, "forms")));
        services.AddSingleton<FormDraft>();
        services.AddSingleton(provider => new KeyRing(provider.GetRequiredService<IKeyStore>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new SealedXml(provider.GetRequiredService<KeyRing>()));
        services.AddPostgres(DatabaseSettings.Read(configuration), provider => new ContextKeys(provider.GetRequiredService<KeyRing>()));
        services.AddMail(MailSettings.Read(configuration, builder.Environment));
        services.AddSingleton<TenancyGuard>();
        // In this order: a migrating process ends before anything looks at a schema that isn't there yet.
        MigratingProcess.Register(services);
        OperatingProcess.Register(services);
        services.AddHostedService<ServingGuard>();
        services.AddHostedService<Jobs.Jobs>();
        services.AddModules(promised, new AuditModule(), new EdgeModule(), new IdentityModule(), new TenantsModule(), new AssuranceModule(), new WebModule());
        Description.Register(services);
        Telemetry.Logs.Register(builder.Logging, configuration);
        Telemetry.Telemetry.Register(services, configuration);
        return new VouchsafeBuilder(builder, promised);
    }

    /// <summary>Builds the pipeline. Call it once, before anything else is used.</summary>
    public static WebApplication UseVouchsafe(this WebApplication app)
    {
        app.UseEdge();
        app.UsePageLanguage();
        app.UseCallers();
        app.UsePermissionGate();
        app.UseActionLog();
        return app;
    }

    /// <summary>Maps the endpoints and pages of Vouchsafe and of the host's modules.</summary>
    public static WebApplication MapVouchsafe(this WebApplication app)
    {
        Health.Health.Map(app);
        Description.Map(app);
        app.MapModules();
        return app;
    }
}
