using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Vouchsafe.Edge.Limits;
using Vouchsafe.Edge.Tests.Running;
using Vouchsafe.Testing.Databases;
using Xunit;

namespace Vouchsafe.Edge.Tests.Limits;

/// <summary>Never more than the limit in any window, never fewer where there is room: on several nodes and one real database.</summary>
public sealed class ExactAcrossNodes(EdgeDatabase database) : IClassFixture<EdgeDatabase>
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 1), InlineData(6, 3), InlineData(16, 2), InlineData(17, 3), InlineData(100, 1), InlineData(300, 4)]
    public async Task Asked_one_after_the_other_exactly_the_limit_is_let_through(int permits, int nodes)
    {
        await using var fleet = await Fleet.StartAsync(database, nodes, TimeProvider.System);
        var limit = new ClientLimit("limits.api", permits, TimeSpan.FromMinutes(10), 64);
        var client = Fleet.Somebody();
        for (var asked = 0; asked < permits; asked++)
            Assert.True((await fleet.Nodes[asked % nodes].AskAsync(limit, client, Stop)).Allowed, $"request {asked + 1} of {permits} was refused");
        foreach (var node in fleet.Nodes)
        {
            var refused = await node.AskAsync(limit, client, Stop);
            Assert.False(refused.Allowed);
            Assert.InRange(refused.RetryAfter, TimeSpan.FromSeconds(1), limit.Window);
        }
    }

    [Theory]
    [InlineData(6, 3), InlineData(50, 4), InlineData(300, 3)]
    public async Task Asked_all_at_once_exactly_the_limit_is_let_through(int permits, int nodes)
    {
        await using var fleet = await Fleet.StartAsync(database, nodes, TimeProvider.System);
        var limit = new ClientLimit("limits.api", permits, TimeSpan.FromMinutes(10), 64);
        var client = Fleet.Somebody();
        var asked = Enumerable.Range(0, permits * 2).Select(at => Task.Run(() => fleet.Nodes[at % nodes].AskAsync(limit, client, Stop).AsTask(), Stop));
        var answers = await Task.WhenAll(asked);
        Assert.Equal(permits, answers.Count(answer => answer.Allowed));
    }

    [Fact]
    public async Task Over_several_windows_none_holds_more_than_the_limit()
    {
        const int Permits = 40;
        await using var fleet = await Fleet.StartAsync(database, 3, TimeProvider.System);
        var limit = new ClientLimit("limits.api", Permits, TimeSpan.FromSeconds(1), 64);
        var client = Fleet.Somebody();
        var admitted = new ConcurrentBag<(long From, long To)>();
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 9).Select(at => Task.Run(async () =>
        {
            while (watch.Elapsed < TimeSpan.FromSeconds(4))
            {
                var from = Stopwatch.GetTimestamp();
                if ((await fleet.Nodes[at % 3].AskAsync(limit, client, Stop)).Allowed) admitted.Add((from, Stopwatch.GetTimestamp()));
                else await Task.Yield();
            }
        }, Stop)));

        // A window surely holds those that were asked for after it began and answered before it ended.
        var calls = admitted.OrderBy(call => call.To).ToArray();
        foreach (var first in calls)
        {
            var inside = calls.Count(call => call.From >= first.From && Stopwatch.GetElapsedTime(first.From, call.To) < limit.Window);
            Assert.True(inside <= Permits, $"{inside} were let through within one window of {Permits}");
        }
        Assert.True(calls.Length > Permits * 2, $"only {calls.Length} in four windows: permits don't come back");
    }

    [Fact]
    public async Task What_an_idle_node_holds_is_called_back()
    {
        await using var fleet = await Fleet.StartAsync(database, 2, TimeProvider.System);
        var limit = new ClientLimit("limits.api", 200, TimeSpan.FromMinutes(10), 64);
        var client = Fleet.Somebody();
        // Enough to make the first node take leases that it doesn't use up.
        for (var asked = 0; asked < 20; asked++) await fleet.Nodes[0].AskAsync(limit, client, Stop);
        var more = 0;
        while ((await fleet.Nodes[1].AskAsync(limit, client, Stop)).Allowed) more++;
        Assert.Equal(180, more);
    }

    [Fact]
    public async Task What_a_dead_node_held_counts_until_it_cannot_be_used_any_more()
    {
        await using var living = await Fleet.StartAsync(database, 1, TimeProvider.System);
        var limit = new ClientLimit("limits.api", 200, TimeSpan.FromMinutes(10), 64);
        var client = Fleet.Somebody();
        await using (var dead = await Fleet.StartAsync(database, 1, TimeProvider.System, listening: false))
            for (var asked = 0; asked < 20; asked++) await dead.Nodes[0].AskAsync(limit, client, Stop);
        var more = 0;
        while ((await living.Nodes[0].AskAsync(limit, client, Stop)).Allowed) more++;
        Assert.InRange(more, 100, 180);
    }

    [Fact]
    public async Task What_was_used_comes_back_after_the_window()
    {
        await using var fleet = await Fleet.StartAsync(database, 1, TimeProvider.System);
        var limit = new ClientLimit("limits.sign-in", 6, TimeSpan.FromMinutes(1), 64);
        var client = Fleet.Somebody();
        for (var asked = 0; asked < 6; asked++) Assert.True((await fleet.Nodes[0].AskAsync(limit, client, Stop)).Allowed);
        await AgeAsync(limit, client, TimeSpan.FromSeconds(59));
        await using var other = await Fleet.StartAsync(database, 1, TimeProvider.System);
        Assert.False((await other.Nodes[0].AskAsync(limit, client, Stop)).Allowed);
        await AgeAsync(limit, client, TimeSpan.FromSeconds(1));
        await using var another = await Fleet.StartAsync(database, 1, TimeProvider.System);
        for (var asked = 0; asked < 6; asked++) Assert.True((await another.Nodes[0].AskAsync(limit, client, Stop)).Allowed);
        Assert.False((await another.Nodes[0].AskAsync(limit, client, Stop)).Allowed);
    }

    [Fact]
    public async Task A_request_under_the_limit_rarely_needs_the_database()
    {
        var node = new NodeId(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));
        var counting = new CountingPermits(new DatabasePermits(database.Database, node));
        var limiter = new RateLimiter(counting, node, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<RateLimiter>.Instance);
        var limit = new ClientLimit("limits.api", 100_000, TimeSpan.FromMinutes(1), 64);
        var client = Fleet.Somebody();
        for (var asked = 0; asked < 10_000; asked++) Assert.True((await limiter.AskAsync(limit, client, Stop)).Allowed);
        Assert.InRange(counting.Asked, 1, 30);
    }

    [Fact]
    public async Task Refusals_are_remembered()
    {
        var node = new NodeId(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));
        var counting = new CountingPermits(new DatabasePermits(database.Database, node));
        var limiter = new RateLimiter(counting, node, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<RateLimiter>.Instance);
        var limit = new ClientLimit("limits.sign-in", 6, TimeSpan.FromMinutes(1), 64);
        var client = Fleet.Somebody();
        for (var asked = 0; asked < 1_000; asked++) Assert.Equal(asked < 6, (await limiter.AskAsync(limit, client, Stop)).Allowed);
        Assert.Equal(7, counting.Asked);
    }

    [Fact]
    public void Addresses_of_one_network_are_one_client_and_others_are_not() => Prop.ForAll(
        Gen.ArrayOf(Gen.Choose(0, 255).Select(value => (byte)value), 16).Two().ToArbitrary(),
        Gen.Choose(32, 64).ToArbitrary(),
        (pair, prefix) =>
        {
            var (one, other) = (new IPAddress(pair.Item1), new IPAddress(pair.Item2));
            if (one.IsIPv4MappedToIPv6 || other.IsIPv4MappedToIPv6) return true;
            var limit = new ClientLimit("limits.api", 1, TimeSpan.FromMinutes(1), prefix);
            var neighbour = (byte[])pair.Item1.Clone();
            pair.Item2.AsSpan(8).CopyTo(neighbour.AsSpan(8));
            var same = new ClientLimit("limits.sign-in", 1, TimeSpan.FromMinutes(1), prefix);
            return ClientKey.Of(limit, one) == ClientKey.Of(limit, new IPAddress(neighbour))
                && ClientKey.Of(limit, one) != ClientKey.Of(same, one)
                && (ClientKey.Of(limit, one) == ClientKey.Of(limit, other)) == SharesBits(pair.Item1, pair.Item2, prefix);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_mapped_address_is_the_IPv4_client_itself()
    {
        var limit = new ClientLimit("limits.api", 1, TimeSpan.FromMinutes(1), 64);
        Assert.Equal(ClientKey.Of(limit, IPAddress.Parse("192.0.2.1")), ClientKey.Of(limit, IPAddress.Parse("::ffff:192.0.2.1")));
        Assert.NotEqual(ClientKey.Of(limit, IPAddress.Parse("192.0.2.1")), ClientKey.Of(limit, IPAddress.Parse("192.0.2.2")));
    }

    private static bool SharesBits(byte[] one, byte[] other, int bits) =>
        Enumerable.Range(0, bits).All(bit => ((one[bit / 8] ^ other[bit / 8]) & (0x80 >> (bit % 8))) == 0);

    /// <summary>What has been counted so far happened that much earlier.</summary>
    private Task AgeAsync(ClientLimit limit, IPAddress client, TimeSpan by) => TestDatabase.RunAsync(database.Owner,
        $"update edge.permits set ends_at = ends_at - interval '{by.TotalSeconds} s', leased_to = leased_to - interval '{by.TotalSeconds} s' where key = '\\x{ClientKey.Of(limit, client)}'");

    private sealed class CountingPermits(IPermits inner) : IPermits
    {
        public int Asked;

        public Task<Taken> TakeAsync(ClientLimit limit, ClientKey key, Guid grant, int most, Lease? before, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref Asked);
            return inner.TakeAsync(limit, key, grant, most, before, cancellationToken);
        }

        public Task GiveBackAsync(IReadOnlyList<Lease> leases, CancellationToken cancellationToken) => inner.GiveBackAsync(leases, cancellationToken);

        public Task RecallAsync(ClientKey key, CancellationToken cancellationToken) => inner.RecallAsync(key, cancellationToken);

        public Task AnswerRecallAsync(Lease? lease, ClientKey key, CancellationToken cancellationToken) => inner.AnswerRecallAsync(lease, key, cancellationToken);
    }
}
