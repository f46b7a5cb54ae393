using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Vouchsafe.Edge.Limits;
using Vouchsafe.Edge.Tests.Running;
using Vouchsafe.Hosting.Limits;
using Vouchsafe.Postgres.Linting;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Xunit;

namespace Vouchsafe.Edge.Tests.Limits;

/// <summary>Bounds, doors, and what happens while the database is away.</summary>
public sealed class Degrading(EdgeDatabase database) : IClassFixture<EdgeDatabase>
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_nothing_can_be_counted_nobody_is_let_in_but_probes()
    {
        await using var node = await EdgeNode.StartAsync(database, TestPosture.Load("apower-flex"));
        using var client = node.Client(source: IPAddress.Parse("127.9.1.1"));
        node.Controls.Limiter = new RateLimiter(new Away(), node.App.Services.GetRequiredService<NodeId>(), TimeProvider.System, NullLogger<RateLimiter>.Instance);
        using var refused = await client.GetAsync(new Uri(node.Https, "/api/me"), Stop);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        using var problem = JsonDocument.Parse(await refused.Content.ReadAsStringAsync(Stop));
        Assert.EndsWith("/limits-unavailable", problem.RootElement.GetProperty("type").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri(node.Https, "/healthz/live"), Stop)).StatusCode);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_left_alone_for_a_while()
    {
        var away = new Away();
        var limiter = new RateLimiter(away, new NodeId(Guid.CreateVersion7(TimeProvider.System.GetUtcNow())), new Vouchsafe.Testing.Time.FakeTimeProvider(), NullLogger<RateLimiter>.Instance);
        var limit = new ClientLimit("limits.api", 300, TimeSpan.FromMinutes(1), 64);
        for (var asked = 0; asked < 50; asked++)
            await Assert.ThrowsAsync<LimitsUnavailableException>(() => limiter.AskAsync(limit, Fleet.Somebody(), Stop).AsTask());
        Assert.Equal(1, away.Asked);
    }

    [Fact]
    public async Task Any_number_of_clients_takes_bounded_memory_and_is_still_counted()
    {
        var limiter = new RateLimiter(new Generous(), new NodeId(Guid.CreateVersion7(TimeProvider.System.GetUtcNow())), new Vouchsafe.Testing.Time.FakeTimeProvider(), NullLogger<RateLimiter>.Instance);
        var limit = new ClientLimit("limits.api", 300, TimeSpan.FromMinutes(1), 64);
        for (var client = 0; client < RateLimiter.MostClients + 5_000; client++)
            Assert.True((await limiter.AskAsync(limit, new IPAddress([10, (byte)(client >> 16), (byte)(client >> 8), (byte)client]), Stop)).Allowed);
        Assert.InRange(limiter.Remembered, 1, RateLimiter.MostClients);
    }

    [Fact]
    public async Task Clients_of_whom_nothing_is_known_are_forgotten()
    {
        var time = new Vouchsafe.Testing.Time.FakeTimeProvider();
        var generous = new Generous();
        var limiter = new RateLimiter(generous, new NodeId(Guid.CreateVersion7(TimeProvider.System.GetUtcNow())), time, NullLogger<RateLimiter>.Instance);
        var limit = new ClientLimit("limits.api", 300, TimeSpan.FromMinutes(1), 64);
        for (var asked = 0; asked < 3; asked++) await limiter.AskAsync(limit, IPAddress.Loopback, Stop);
        Assert.Equal(1, limiter.Remembered);
        time.Advance(limit.Lease);
        await limiter.TidyAsync(all: false, Stop);
        Assert.Equal(0, limiter.Remembered);
        Assert.Single(generous.Back);
    }

    [Fact]
    public async Task Set_up_closes_for_good_on_every_node()
    {
        var posture = TestPosture.Load("apower-flex");
        await using var own = new EdgeDatabase();
        await own.InitializeAsync();
        await using var one = await EdgeNode.StartAsync(own, posture);
        await using var two = await EdgeNode.StartAsync(own, posture);
        Assert.Equal(HttpStatusCode.BadRequest, await SetUpAsync(two, "127.9.2.1"));
        await using (var session = own.Database.Platform(Actor.System("test")))
        {
            await session.BeginAsync(Stop);
            await one.App.Services.GetRequiredService<ISetupDoor>().CloseAsync(session, Stop);
            Assert.Equal(HttpStatusCode.BadRequest, await SetUpAsync(two, "127.9.2.2"));
            await session.CommitAsync(Stop);
        }
        Assert.Equal(HttpStatusCode.Gone, await SetUpAsync(one, "127.9.2.3"));
        Assert.Equal(HttpStatusCode.Gone, await SetUpAsync(two, "127.9.2.3"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await SetUpAsync(two, "127.9.2.3"));
    }

    [Fact]
    public async Task The_schema_leads_from_no_tenant_to_another() => Assert.Empty((await TenancyLinter.LintAsync(database.Owner, database.Baseline, Stop)).Findings);

    private static async Task<HttpStatusCode> SetUpAsync(EdgeNode node, string source)
    {
        using var client = node.Client(source: IPAddress.Parse(source));
        using var response = await client.PostAsync(new Uri(node.Https, "/api/setup"), new StringContent("{}"), Stop);
        return response.StatusCode;
    }

    private sealed class Away : IPermits
    {
        public int Asked;

        public Task<Taken> TakeAsync(ClientLimit limit, ClientKey key, Guid grant, int most, Lease? before, CancellationToken cancellationToken)
        {
            Asked++;
            throw new TimeoutException();
        }

        public Task GiveBackAsync(IReadOnlyList<Lease> leases, CancellationToken cancellationToken) => throw new TimeoutException();

        public Task RecallAsync(ClientKey key, CancellationToken cancellationToken) => throw new TimeoutException();

        public Task AnswerRecallAsync(Lease? lease, ClientKey key, CancellationToken cancellationToken) => throw new TimeoutException();
    }

    private sealed class Generous : IPermits
    {
        public List<Lease> Back { get; } = [];

        public Task<Taken> TakeAsync(ClientLimit limit, ClientKey key, Guid grant, int most, Lease? before, CancellationToken cancellationToken) =>
            Task.FromResult(new Taken(most, TimeSpan.Zero, 0, TimeSpan.Zero));

        public Task GiveBackAsync(IReadOnlyList<Lease> leases, CancellationToken cancellationToken)
        {
            Back.AddRange(leases);
            return Task.CompletedTask;
        }

        public Task RecallAsync(ClientKey key, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task AnswerRecallAsync(Lease? lease, ClientKey key, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
