using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Vouchsafe.Assurance.Drills;
using Vouchsafe.Assurance.Nodes;
using Vouchsafe.Assurance.Postures;
using Vouchsafe.Assurance.Publishing;
using Vouchsafe.Assurance.Results;
using Vouchsafe.Assurance.Running;
using Vouchsafe.Assurance.Schedule;
using Vouchsafe.Assurance.Seen;
using Vouchsafe.Assurance.Sightings;
using Vouchsafe.Audit.Logs;
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
        services.TryAddSingleton<IDatabaseClock, DatabaseClock>();
        services.AddSingleton<ResultClock>();
        services.AddSingleton<ResultLog>();
        services.AddSingleton<ResultRecorder>();
        services.AddSingleton(provider => new StatementSigner(provider.GetRequiredService<RotatingKeys>()));
        services.AddSingleton<ResultProofs>();
        services.AddSingleton<PostureStore>();
        services.AddSingleton<PostureAdoption>();
        services.AddHostedService(provider => provider.GetRequiredService<PostureAdoption>());
        services.AddSingleton<DrillStore>();
        services.AddSingleton<Turns>();
        services.AddSingleton<NodeRegistry>();
        services.AddHostedService(provider => provider.GetRequiredService<NodeRegistry>());
        services.AddSingleton(provider => new ClaimBoard(posture, provider.GetRequiredService<ResultLog>()));
        services.AddSingleton(provider => new OperatorBoard(provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<ResultLog>()));
        services.AddSingleton(provider => new CheckRunner(
            provider.GetServices<ICheck>(), posture, provider.GetRequiredService<AssuranceOptions>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<NodeRegistry>(), provider.GetRequiredService<Turns>(), provider.GetRequiredService<ResultRecorder>(),
            provider.GetRequiredService<ILogger<CheckRunner>>()));
        services.AddSingleton<DrillRunner>();
        services.AddCheck<ScheduleCheck>();
        services.AddJob<CheckRound>();
        services.AddHostedService<Completeness>();
    }

    public void Map(IEndpointRouteBuilder endpoints) => TrustEndpoints.Map(endpoints);
}
