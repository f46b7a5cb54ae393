using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Vouchsafe.Assurance.Drills;
using Vouchsafe.Assurance.Results;
using Vouchsafe.Assurance.Running;
using Vouchsafe.Assurance.Sightings;
using Vouchsafe.Audit;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Claims.Drills;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Hosting.Modules;
using Vouchsafe.Postgres.Jobs;
using Vouchsafe.Postgres.Sessions;

namespace Vouchsafe.Assurance.Tests.Running;

/// <summary>One node: the module's own services over a real database and a real server, with checks and drills that do as they are told.</summary>
internal sealed class Node : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Database database;

    private Node(WebApplication app, Database database) => (this.app, this.database) = (app, database);

    public static async Task<Node> StartAsync(AssuranceDatabase shared, Posture posture, IEnumerable<ICheck> checks, IEnumerable<IDrill> drills, IDatabaseClock clock, TimeProvider? time = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var services = builder.Services;
        services.AddSingleton(time ?? shared.Time);
        services.AddSingleton<IKeyStore>(_ => new FolderKeyStore(shared.KeyFolder));
        services.AddSingleton(provider => new KeyRing(provider.GetRequiredService<IKeyStore>(), shared.Time));
        Database? opened = null;
        services.AddSingleton<IDatabase>(provider => opened ??= new Database(shared.Options, shared.Keys, time ?? shared.Time, provider));
        services.AddAudit();
        services.AddSingleton<IDatabaseClock>(clock);
        services.AddModules(posture, new AssuranceModule());
        services.AddSingleton(provider => new JobRunner(provider.GetServices<IJob>(), provider.GetRequiredService<IDatabase>(), shared.Time));
        foreach (var check in checks) services.AddSingleton(check);
        foreach (var drill in drills) services.AddSingleton(drill);
        // Nothing runs in the background: what a test sees is what it did.
        foreach (var hosted in services.Where(service => service.ServiceType == typeof(IHostedService) && (service.ImplementationFactory is not null || service.ImplementationType?.Namespace?.StartsWith("Vouchsafe", StringComparison.Ordinal) == true)).ToList())
            services.Remove(hosted);
        var app = builder.Build();
        app.UseRouting();
        app.MapModules();
        app.Services.GetRequiredService<IDatabase>();
        await app.StartAsync();
        return new Node(app, opened!);
    }

    public T Get<T>() where T : notnull => app.Services.GetRequiredService<T>();

    public Task<ResultSnapshot> ResultsAsync(CancellationToken cancellationToken) => Get<ResultLog>().ReadAsync(sequence: true, cancellationToken);

    public CheckRunner Checks => Get<CheckRunner>();

    public DrillRunner Drills => Get<DrillRunner>();

    /// <summary>A round, if it is due and no other node runs it.</summary>
    public Task<bool> RoundAsync(CancellationToken cancellationToken) =>
        Get<JobRunner>().RunOnceAsync(app.Services.GetServices<IJob>().Single(job => job.Name == "assurance.checks"), cancellationToken);

    public async Task<ClaimState> StateAsync(string claim, CancellationToken cancellationToken) =>
        (await Get<ClaimBoard>().StatesAsync(Get<TimeProvider>().GetUtcNow(), cancellationToken)).Single(state => state.Claim.Id == claim);

    public async Task<byte[]> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        return await client.GetByteArrayAsync(new Uri(path, UriKind.Relative), cancellationToken);
    }

    public async Task<int> StatusAsync(string path, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        return (int)answer.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await database.DisposeAsync();
    }
}
