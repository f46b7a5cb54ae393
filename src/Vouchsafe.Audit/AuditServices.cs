using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Sequencing;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Postgres;
using Vouchsafe.Postgres.Migrations;

namespace Vouchsafe.Audit;

/// <summary>Registers the trail: who records, who sequences, who reads, proves and checks.</summary>
/// <remarks>Needs the database, the key ring and a clock.</remarks>
public static class AuditServices
{
    internal static MigrationSource Migrations { get; } = new("audit", 10, typeof(AuditServices).Assembly);

    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.AddMigrations(Migrations.Module, Migrations.Order, Migrations.Assembly);
        services.AddSingleton<LogIdentities>();
        services.AddSingleton<SequencerOptions>();
        services.AddSingleton<SequencerSignal>();
        services.AddSingleton<Sequencer>();
        services.AddHostedService<SequencerService>();
        return services;
    }
}
