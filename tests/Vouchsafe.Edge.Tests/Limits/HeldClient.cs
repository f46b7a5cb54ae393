using System.Diagnostics;
using System.Net;
using Npgsql;
using Vouchsafe.Edge.Limits;
using Vouchsafe.Edge.Tests.Running;
using Xunit;

namespace Vouchsafe.Edge.Tests.Limits;

/// <summary>Somebody holds the rows of one client: that client is refused, and nobody else notices.</summary>
public sealed class HeldClient(EdgeDatabase database) : IClassFixture<EdgeDatabase>
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;
    private static readonly ClientLimit Limit = new("limits.api", 300, TimeSpan.FromMinutes(1), 64);

    [Fact]
    public async Task Only_the_client_whose_row_is_held_is_refused()
    {
        await using var fleet = await Fleet.StartAsync(database, 2, TimeProvider.System);
        var client = Fleet.Somebody();
        Assert.True((await fleet.Nodes[0].AskAsync(Limit, client, Stop)).Allowed);

        await using var somebody = new NpgsqlConnection(database.Platform);
        await somebody.OpenAsync(Stop);
        await using (var hold = await somebody.BeginTransactionAsync(Stop))
        {
            await using (var take = new NpgsqlCommand("select from edge.clients where key = $1 for update", somebody) { Parameters = { new() { Value = ClientKey.Of(Limit, client).ToBytes() } } })
                await take.ExecuteNonQueryAsync(Stop);

            var watch = Stopwatch.StartNew();
            // Forty requests of the held client at once: they end together, by one wait.
            var refused = Enumerable.Range(0, 40).Select(_ => Assert.ThrowsAsync<LimitsUnavailableException>(() => fleet.Nodes[0].AskAsync(Limit, client, Stop).AsTask())).ToList();
            for (var others = 0; others < 50; others++)
                Assert.True((await fleet.Nodes[others % 2].AskAsync(Limit, Fleet.Somebody(), Stop)).Allowed);
            await Task.WhenAll(refused);
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(4));
            // Right after, when a pause that everybody shared would still last.
            for (var others = 0; others < 10; others++)
                Assert.True((await fleet.Nodes[0].AskAsync(Limit, Fleet.Somebody(), Stop)).Allowed);
            await hold.RollbackAsync(Stop);
        }

        var free = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                Assert.True((await fleet.Nodes[0].AskAsync(Limit, client, Stop)).Allowed);
                break;
            }
            catch (LimitsUnavailableException) when (free.Elapsed < TimeSpan.FromSeconds(10))
            {
                await Task.Yield();
            }
        }
    }

    [Fact]
    public async Task A_lease_whose_row_is_held_keeps_no_other_from_being_given_back()
    {
        await using var fleet = await Fleet.StartAsync(database, 2, TimeProvider.System, listening: false);
        var limit = Limit with { Permits = 80 };
        var (held, free) = (Fleet.Somebody(), Fleet.Somebody());
        foreach (var client in new[] { held, free })
            for (var asked = 0; asked < 3; asked++)
                Assert.True((await fleet.Nodes[0].AskAsync(limit, client, Stop)).Allowed);
        var key = ClientKey.Of(limit, held).ToBytes();
        await using var somebody = new NpgsqlConnection(database.Platform);
        await somebody.OpenAsync(Stop);
        await using var hold = await somebody.BeginTransactionAsync(Stop);
        await using (var take = new NpgsqlCommand("select from edge.permits where key = $1 for update", somebody) { Parameters = { new() { Value = key } } })
            await take.ExecuteNonQueryAsync(Stop);
        await fleet.Nodes[0].TidyAsync(all: true, Stop).WaitAsync(TimeSpan.FromSeconds(10), Stop);
        Assert.Equal(1L, await LeasedAsync(key));
        Assert.Equal(0L, await LeasedAsync(ClientKey.Of(limit, free).ToBytes()));
        await hold.RollbackAsync(Stop);
    }

    private async Task<object?> LeasedAsync(byte[] key) =>
        await Testing.Databases.TestDatabase.ScalarAsync(database.Platform, "select count(*) from edge.permits where key = $1 and leased_to is not null", key);

    [Fact]
    public async Task Whoever_waits_for_a_table_that_somebody_locked_is_told_to_try_again()
    {
        await using var own = new EdgeDatabase();
        await own.InitializeAsync();
        await using var node = await EdgeNode.StartAsync(own, TestPosture.Load("apower-flex"));
        using var client = node.Client(source: IPAddress.Parse("127.9.8.1"));
        await using var somebody = new NpgsqlConnection(own.Owner);
        await somebody.OpenAsync(Stop);
        await using var hold = await somebody.BeginTransactionAsync(Stop);
        await using (var take = new NpgsqlCommand("lock table edge.setup in access exclusive mode", somebody))
            await take.ExecuteNonQueryAsync(Stop);
        using var refused = await client.PostAsync(new Uri(node.Https, "/api/setup"), new StringContent("{}"), Stop);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        using var problem = System.Text.Json.JsonDocument.Parse(await refused.Content.ReadAsStringAsync(Stop));
        Assert.EndsWith("/unavailable", problem.RootElement.GetProperty("type").GetString(), StringComparison.Ordinal);
        await hold.RollbackAsync(Stop);
        using var after = await client.PostAsync(new Uri(node.Https, "/api/setup"), new StringContent("{}"), Stop);
        Assert.Equal(HttpStatusCode.BadRequest, after.StatusCode);
    }

    [Fact]
    public async Task Clients_of_whom_nothing_counts_any_more_are_swept()
    {
        await using var fleet = await Fleet.StartAsync(database, 1, TimeProvider.System, listening: false);
        var client = Fleet.Somebody();
        var limit = Limit with { Window = TimeSpan.FromMilliseconds(1) };
        await fleet.Nodes[0].AskAsync(limit, client, Stop);
        var key = ClientKey.Of(limit, client).ToBytes();
        Assert.Equal(1L, await Testing.Databases.TestDatabase.ScalarAsync(database.Platform, "select count(*) from edge.clients where key = $1", key));
        while (await Testing.Databases.TestDatabase.ScalarAsync(database.Platform, "select edge.sweep(1000)") is 0)
            await Task.Yield();
        Assert.Equal(0L, await Testing.Databases.TestDatabase.ScalarAsync(database.Platform, "select count(*) from edge.clients where key = $1", key));
    }
}
