using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Claims.Drills;
using Vouchsafe.Postgres.Checks;
using Vouchsafe.Postgres.Health;
using Vouchsafe.Postgres.Jobs;
using Vouchsafe.Postgres.Linting;
using Vouchsafe.Postgres.Migrations;
using Vouchsafe.Postgres.Roles;
using Vouchsafe.Postgres.Sealing;
using Vouchsafe.Postgres.Sessions;

namespace Vouchsafe.Postgres;

/// <summary>Registers the database, and what modules bring to it.</summary>
public static class PostgresModule
{
    /// <param name="options">Where the database is.</param>
    /// <param name="keys">From which the context keys are derived: the key ring, in production.</param>
    public static IServiceCollection AddPostgres(this IServiceCollection services, DatabaseOptions options, Func<IServiceProvider, IContextKeys> keys)
    {
        services.AddSingleton(options);
        services.AddSingleton(keys);
        services.AddSingleton<Database>(provider => new Database(options, provider.GetRequiredService<IContextKeys>(), provider.GetRequiredService<TimeProvider>(), provider));
        services.AddSingleton<IDatabase>(provider => provider.GetRequiredService<Database>());
        services.AddSingleton<DatabaseReadiness>();
        services.AddSingleton(provider => new Migrator(provider.GetServices<MigrationSource>(), provider.GetRequiredService<IContextKeys>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(MigrationSource.Core);
        services.AddSingleton(provider => LintBaseline.Of(provider.GetServices<MigrationSource>()) with
        {
            Keys = provider.GetRequiredService<IContextKeys>(),
            KnownRoles = options.KnownRoles,
            KnownExtensions = options.KnownExtensions,
            KnownServerHashes = options.KnownServerHashes,
        });
        services.AddSingleton<TenancyGuard>();
        services.AddSingleton<JobRunner>();
        services.AddCheck<RowSecurityCheck>().AddCheck<DataLayerCheck>().AddCheck<OwnerCheck>().AddDrill<OwnerDrill>().AddDrill<HandOverDrill>();
        return services;
    }

    /// <summary>Registers the resources <c>NNN_name.sql</c> of a module's assembly. Order: audit 10, edge 20, mail 25, identity 30, tenants 40, assurance 50, host 100.</summary>
    public static IServiceCollection AddMigrations(this IServiceCollection services, string name, int order, Assembly assembly) =>
        services.AddSingleton(new MigrationSource(name, order, assembly));

    /// <summary>Registers work that runs once across all nodes.</summary>
    public static IServiceCollection AddJob<T>(this IServiceCollection services) where T : class, IJob =>
        services.AddSingleton<IJob, T>();

    /// <summary>Registers the check of a control.</summary>
    public static IServiceCollection AddCheck<T>(this IServiceCollection services) where T : class, ICheck =>
        services.AddSingleton<ICheck, T>();

    /// <summary>Registers a way to break a control in the running product, so that its check is seen to turn red.</summary>
    public static IServiceCollection AddDrill<T>(this IServiceCollection services) where T : class, IDrill =>
        services.AddSingleton<IDrill, T>();
}
