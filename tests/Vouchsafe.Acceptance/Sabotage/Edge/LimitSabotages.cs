using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Vouchsafe.Edge;
using Vouchsafe.Edge.Limits;
using Vouchsafe.Hosting.Problems;
using Vouchsafe.Testing.Sabotage;

namespace Vouchsafe.Acceptance.Sabotage.Edge;

/// <summary>Counts on each node alone: what a limiter in memory would do.</summary>
internal abstract class PerNodeOnly(string control) : EdgeSabotage<RateLimiter>(control, "limit per node only", "instead of 429")
{
    protected override RateLimiter Get(EdgeControls controls) => controls.Limiter;

    protected override void Set(EdgeControls controls, RateLimiter part) => controls.Limiter = part;

    protected override RateLimiter Broken(RateLimiter sound, IServiceProvider node) =>
        new(new Alone(), node.GetRequiredService<NodeId>(), node.GetRequiredService<TimeProvider>(), node.GetRequiredService<ILogger<RateLimiter>>());

    protected override string? Difference(RateLimiter sound, RateLimiter broken) => ReferenceEquals(sound, broken) ? null : "each node counts for itself";

    private sealed class Alone : IPermits
    {
        private readonly ConcurrentDictionary<ClientKey, int> counts = new();

        public Task<Taken> TakeAsync(ClientLimit limit, ClientKey key, Guid grant, int most, Lease? before, CancellationToken cancellationToken) =>
            Task.FromResult(counts.AddOrUpdate(key, 1, (_, count) => count + 1) <= limit.Permits ? new Taken(1, TimeSpan.Zero, 0, TimeSpan.Zero) : new Taken(0, limit.Window, 0, TimeSpan.Zero));

        public Task GiveBackAsync(IReadOnlyList<Lease> leases, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task RecallAsync(ClientKey key, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task AnswerRecallAsync(Lease? lease, ClientKey key, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

internal sealed class SignInPerNodeOnly() : PerNodeOnly(ClientLimit.SignInControl);

internal sealed class ApiPerNodeOnly() : PerNodeOnly(ClientLimit.ApiControl);

internal sealed class SetupPerNodeOnly() : PerNodeOnly(ClientLimit.SetupControl);

/// <summary>Lets ten times as many through as the posture says.</summary>
internal abstract class RaisedLimit(string control, string name, string raised) : EdgeSabotage<LimitSet>(control, name, "instead of 429")
{
    protected override LimitSet Get(EdgeControls controls) => controls.Limits;

    protected override void Set(EdgeControls controls, LimitSet part) => controls.Limits = part;

    protected override LimitSet Broken(LimitSet sound, IServiceProvider node) => sound.With(sound.Of(raised)! with { Permits = sound.Of(raised)!.Permits * 10 });

    protected override string? Difference(LimitSet sound, LimitSet broken) =>
        sound.Of(raised) == broken.Of(raised) ? null : $"{broken.Of(raised)!.Permits} requests are allowed instead of {sound.Of(raised)!.Permits}";
}

internal sealed class RaiseSetup() : RaisedLimit(ClientLimit.SetupControl, "raise the limit", ClientLimit.SetupControl);

internal sealed class RaiseTiles() : RaisedLimit(ClientLimit.TilesControl, "raise the limit", ClientLimit.TilesControl);

/// <summary>No claim may rest on the limit of tiles; the check of the API's limit sees it all the same.</summary>
internal sealed class RaiseTilesUnclaimed() : RaisedLimit(ClientLimit.ApiControl, "raise the limit of tiles", ClientLimit.TilesControl);

internal sealed class AnswerUnavailable() : EdgeSabotage<RefusalPolicy>(RefusalPolicy.Control, "answer 503", "503 instead of 429")
{
    protected override RefusalPolicy Get(EdgeControls controls) => controls.Refusal;

    protected override void Set(EdgeControls controls, RefusalPolicy part) => controls.Refusal = part;

    protected override RefusalPolicy Broken(RefusalPolicy sound, IServiceProvider node) => new Unavailable();

    protected override string? Difference(RefusalPolicy sound, RefusalPolicy broken) =>
        sound.Problem.Status == broken.Problem.Status ? null : $"refusals are answered {broken.Problem.Status}";

    private sealed class Unavailable : RefusalPolicy
    {
        internal override ProblemKind Problem { get; } = new("unavailable", 503, "Come back later.");
    }
}
