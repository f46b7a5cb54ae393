using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Vouchsafe.Audit.Checks;
using Vouchsafe.Audit.Custody;
using Vouchsafe.Audit.Export;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Receipts;
using Vouchsafe.Audit.Restores;
using Vouchsafe.Audit.RollUp;
using Vouchsafe.Audit.Sequencing;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Postgres;
using Vouchsafe.Postgres.Migrations;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Transparency.Entries;

namespace Vouchsafe.Audit;

/// <summary>Registers the trail: who records, who sequences, who reads, proves and checks.</summary>
/// <remarks>Needs the database, the key ring and a clock.</remarks>
public static class AuditServices
{
    /// <summary>The schema of the trail.</summary>
    public static MigrationSource Migrations { get; } = new("audit", 10, typeof(AuditServices).Assembly);

    public static IServiceCollection AddAudit(this IServiceCollection services, AuditOptions? options = null)
    {
        services.AddMigrations(Migrations.Module, Migrations.Order, Migrations.Assembly);
        services.TryAddSingleton(options ?? new AuditOptions());
        services.AddSingleton<EntryBuilder>();
        services.AddSingleton<EntryOpener>();
        services.AddSingleton<TrailWriter>();
        services.AddSingleton<LogIdentities>();
        services.AddSingleton<CheckpointKeys>();
        services.AddSingleton<CheckpointSigner>();
        services.AddSingleton(provider => new RotatingKeys(provider.GetRequiredService<CheckpointKeys>(), provider.GetRequiredService<KeyRing>()));
        services.AddSingleton(provider => new CheckpointRotation(
            provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<KeyRing>(), provider.GetRequiredService<CheckpointKeys>()));
        services.AddSingleton<SequencerOptions>();
        services.AddSingleton<SequencerSignal>();
        services.AddSingleton<SequencerPulse>();
        services.AddSingleton<ReceiptBook>();
        services.AddSingleton<SeenHeads>();
        services.AddSingleton<Reconciler>();
        services.AddSingleton<PendingAge>();
        services.AddSingleton<NodeTrails>();
        services.AddSingleton(provider => new TrailHealth(provider.GetRequiredService<Reconciler>()));
        services.AddSingleton<Sequencer>();
        services.AddSingleton(provider => new TrailReader(
            provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<EntryOpener>(),
            provider.GetRequiredService<CheckpointSigner>(), provider.GetRequiredService<Sequencer>(), provider.GetRequiredService<HeadMemory>()));
        services.AddSingleton(provider => new TrailExport(
            provider.GetRequiredService<EntryOpener>(), provider.GetRequiredService<CheckpointSigner>(), provider.GetRequiredService<TrailReader>(),
            provider.GetRequiredService<RollUpProver>()));
        services.AddSingleton<RollUpLogs>();
        services.AddSingleton(provider => new RollUpRestart(
            provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<RollUpLogs>(), provider.GetRequiredService<LogIdentities>(),
            provider.GetRequiredService<CheckpointSigner>(), provider.GetRequiredService<WitnessStore>(), provider.GetRequiredService<WitnessMemory>()));
        services.AddSingleton(provider => new RestoreAcceptance(
            provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<HeadMemory>(), provider.GetRequiredService<SeenHeads>(), provider.GetRequiredService<EntryOpener>()));
        services.AddSingleton<RollUpWriter>();
        services.AddSingleton<WitnessStore>();
        services.AddSingleton<WitnessMemory>();
        services.AddSingleton(provider => new WitnessClient(new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<WitnessDisputes>();
        services.AddSingleton<Witnessing>();
        services.AddSingleton<RollUpProver>();
        services.AddSingleton<OperatorHead>();
        services.AddSingleton(provider => new RollUpReader(
            provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<RollUpLogs>(), provider.GetRequiredService<TrailReader>(),
            provider.GetRequiredService<Witnessing>(), provider.GetRequiredService<OperatorHead>()));
        services.AddJob<RollUpJob>();
        services.AddSingleton<HeadMemory>();
        services.AddSingleton<RecentEntries>();
        services.TryAddSingleton<WatchOptions>();
        services.AddSingleton<IEntryInspector, ClearTextInspector>();
        services.AddSingleton<IEntryInspector, AttributionInspector>();
        services.AddSingleton<TrailWatch>();
        services.AddCheck<ImmutableCheck>().AddDrill<ImmutableDrill>();
        services.AddSingleton<TenantKeyWatch>();
        services.AddSingleton(provider => new RootKeyLoss(provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<AuditOptions>()));
        services.AddCheck<CustodyCheck>();
        services.AddCheck<ExportCheck>();
        services.AddCheck<AttributionCheck>();
        services.AddCheck<IdentifiersCheck>();
        services.AddHostedService<SequencerService>();
        services.AddHostedService<ReceiptService>();
        return services;
    }
}
