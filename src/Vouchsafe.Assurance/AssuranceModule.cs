using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Vouchsafe.Assurance.Drills;
using Vouchsafe.Assurance.Nodes;
using Vouchsafe.Assurance.Publishing;
using Vouchsafe.Assurance.Running;
using Vouchsafe.Assurance.Schedule;
using Vouchsafe.Assurance.Seen;
using Vouchsafe.Assurance.Sightings;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Hosting.Modules;
using Vouchsafe.Postgres;
using Vouchsafe.Postgres.Sessions;

namespace Vouchsafe.Assurance;

/// <summary>Runs checks on their intervals, keeps what they saw as evidence in the operator's log, and publishes it.</summary>
public sealed class AssuranceModule : IModule
{
    public void Register(IServiceCollection services, Posture posture)
    {
        services.AddMigrations("assurance", 50, typeof(AssuranceModule).Assembly);
        services.AddSingleton(AssuranceOptions.From(posture));
        services.AddSingleton(SuiteRecord.Embedded);
        services.AddSingleton<SightingStore>();
        services.AddSingleton<DrillStore>();
        services.AddSingleton<Turns>();
        services.AddSingleton<NodeRegistry>();
        services.AddHostedService(provider => provider.GetRequiredService<NodeRegistry>());
        services.AddSingleton(provider => new ClaimBoard(posture, provider.GetRequiredService<SightingStore>()));
        services.AddSingleton(provider => new OperatorBoard(provider.GetRequiredService<IDatabase>()));
        services.AddSingleton(provider => new CheckRunner(
            provider.GetServices<ICheck>(), provider.GetRequiredService<IDatabase>(), posture, provider.GetRequiredService<AssuranceOptions>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<SightingStore>(), provider.GetRequiredService<NodeRegistry>(),
            provider.GetRequiredService<Turns>(), provider.GetRequiredService<DrillStore>(), provider.GetRequiredService<ILogger<CheckRunner>>()));
        services.AddSingleton<DrillRunner>();
        services.AddCheck<ScheduleCheck>();
        services.AddJob<CheckRound>();
        services.AddHostedService<Completeness>();
    }

    public void Map(IEndpointRouteBuilder endpoints) => TrustEndpoints.Map(endpoints);
}
