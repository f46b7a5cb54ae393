using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Audit.Checks;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Sequencing;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Testing.Databases;
using Vouchsafe.Transparency.Entries;

namespace Vouchsafe.Audit.Tests.Databases;

/// <summary>A database with the trail's schema, a key store of its own, and the trail's services without the background work.</summary>
public sealed class AuditDatabase() : TestDatabase(AuditServices.Migrations)
{
    private ServiceProvider? _provider;

    public AuditOptions Trail { get; init; } = new();

    /// <summary>How much a run of audit.immutable reads; to be set before its first.</summary>
    internal WatchOptions? Watch { get; set; }

    public string KeyFolder { get; } = TestCluster.NewFolder();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Time);
        services.AddLogging();
        services.AddSingleton(_ => new KeyRing(new FolderKeyStore(KeyFolder), Time));
        services.AddSingleton(_ => Database);
        services.AddSingleton(_ => Watch ?? new WatchOptions());
        services.AddAudit(Trail);
        _provider = services.BuildServiceProvider();
        Services = _provider;
        Get<SequencerPulse>().Beat();
    }

    public T Get<T>() where T : notnull => _provider!.GetRequiredService<T>();

    public T Check<T>() where T : class, ICheck => _provider!.GetServices<ICheck>().OfType<T>().Single();

    public IServiceProvider Provider => _provider!;

    public ICheck CheckOf(string control) => _provider!.GetServices<ICheck>().Single(check => check.Control == control);

    internal Sequencer NewSequencer(SequencerOptions? options = null, ISequencerWitness? witness = null, TimeProvider? time = null) =>
        new(Database, Get<LogIdentities>(), options ?? new SequencerOptions(), time ?? Time, witness);

    /// <summary>Sequences whatever is committed.</summary>
    public async Task SequenceAsync(CancellationToken cancellationToken)
    {
        while (await Get<Sequencer>().RunRoundAsync(cancellationToken) is not 0)
        {
        }

        Get<SequencerPulse>().Beat();
    }

    public TenantSession Open(TenantId tenant) => Database.Tenant(ScopeOf(tenant));

    /// <summary>Records entries as of another time, and sequences them.</summary>
    public async Task<IReadOnlyList<Guid>> AppendAtAsync(TenantId tenant, int count, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var session = Open(tenant);
        var writer = Get<TrailWriter>();
        var ids = new List<Guid>();
        foreach (var part in Enumerable.Range(0, count).Chunk(AppendId.MostEntries))
        {
            var built = part.Select(n => Get<EntryBuilder>().Build(writer.Draft(session, new AuditEvent("order.created", new AuditField("number", $"n{n}"))) with { Time = at })).ToList();
            var (append, id) = writer.Prepare(session, [.. built.Select(entry => entry.Leaf)], [.. built.Select(entry => entry.Payload)]);
            await session.ExecuteBatchAsync([append], cancellationToken);
            ids.AddRange(part.Select((_, n) => id.Entry(n)));
        }

        await SequenceAsync(cancellationToken);
        return ids;
    }

    public override async ValueTask DisposeAsync()
    {
        if (_provider is not null)
            await _provider.DisposeAsync();
        await base.DisposeAsync();
        if (Directory.Exists(KeyFolder))
            Directory.Delete(KeyFolder, recursive: true);
    }
}
