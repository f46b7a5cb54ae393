using System.Net;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Edge.Limits;
using Vouchsafe.Edge.Tests.Running;
using Xunit;

namespace Vouchsafe.Edge.Tests.Limits;

/// <summary>Tiles have a limit of their own: it refuses, it is one client's, and neither another spelling nor another node gets around it.</summary>
public sealed class TileLimits(EdgeDatabase database) : IClassFixture<EdgeDatabase>, IAsyncLifetime
{
    private const int Requests = 5;
    private const string Tile = "/audit/roll-up/tile/0/000", Head = "/audit/roll-up/checkpoint";
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;
    private EdgeNode one = null!, two = null!;

    public async ValueTask InitializeAsync()
    {
        var posture = PostureFile.Parse(
            File.ReadAllText(TestPosture.File("apower-flex")) + $"\nsettings:\n  limits.tiles: {{ requests: {Requests}, window: 1m, ipv6-prefix: 64 }}\n",
            folder: Path.GetDirectoryName(TestPosture.File("apower-flex")));
        (string, string)[] proxy = [("Vouchsafe:Edge:TrustedProxies:0", "127.0.0.1/32")];
        one = await EdgeNode.StartAsync(database, posture, proxy);
        two = await EdgeNode.StartAsync(database, posture, proxy);
    }

    public async ValueTask DisposeAsync()
    {
        await one.DisposeAsync();
        await two.DisposeAsync();
    }

    [Fact]
    public void Without_a_word_in_the_posture_it_is_six_thousand_a_minute()
    {
        var limit = LimitSet.From(TestPosture.Load("apower-flex")).Of(ClientLimit.TilesControl)!;
        Assert.Equal((6000, TimeSpan.FromMinutes(1)), (limit.Permits, limit.Window));
    }

    [Fact]
    public async Task One_more_than_allowed_is_refused_on_every_node_and_says_when_to_come_back()
    {
        using var client = one.Client(source: IPAddress.Parse("127.44.1.1"));
        for (var asked = 0; asked < Requests; asked++)
            Assert.NotEqual(HttpStatusCode.TooManyRequests, (await GetAsync(client, asked % 2 == 0 ? one : two, asked % 2 == 0 ? Tile : Head)).Status);
        foreach (var node in new[] { one, two })
        {
            using var refused = await client.GetAsync(new Uri(node.Https, Tile), Stop);
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
            Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        }
        // The calls of the API are another budget, and another client has one of its own.
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(client, one, "/api/me")).Status);
        using var other = one.Client(source: IPAddress.Parse("127.44.1.2"));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(other, two, Head)).Status);
    }

    [Fact]
    public async Task Another_spelling_of_the_path_is_no_way_around_it()
    {
        using var client = one.Client(source: IPAddress.Parse("127.44.2.1"));
        for (var asked = 0; asked < Requests; asked++) await GetAsync(client, one, Tile);
        foreach (var path in new[] { "/AUDIT/roll-up/tile/0/000", "/audit/roll-up/tile/0/000?again", "/audit/roll-up/tile/0/000/", "/audit/roll%2Dup/tile/0/000", "/audit/roll-up/tile/0/x/../000", "/audit/roll-up/checkpoint/" })
            Assert.True((await GetAsync(client, one, path)).Status == HttpStatusCode.TooManyRequests, path);
    }

    /// <summary>A client has one name, however its address is written; and a subscriber's IPv6 network is one client.</summary>
    [Theory]
    [InlineData("203.0.113.9", "::ffff:203.0.113.9", "[::ffff:cb00:7109]:443", "203.0.113.9:8080")]
    [InlineData("2001:db8:7::1", "2001:0db8:0007:0000:0000:0000:0000:0002", "2001:DB8:7::FFFF", "[2001:db8:7:0:1::]:443")]
    public async Task Another_spelling_of_the_client_s_address_is_no_way_around_it(params string[] spellings)
    {
        using var proxy = one.Client(source: IPAddress.Loopback);
        for (var asked = 0; asked < Requests; asked++) Assert.Equal(HttpStatusCode.OK, (await GetAsync(proxy, one, Head, spellings[asked % spellings.Length])).Status);
        foreach (var spelling in spellings) Assert.True((await GetAsync(proxy, two, Head, spelling)).Status == HttpStatusCode.TooManyRequests, spelling);
    }

    private static async Task<(HttpStatusCode Status, string Body)> GetAsync(HttpClient client, EdgeNode node, string path, string? forwardedFor = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(node.Https.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (forwardedFor is not null) request.Headers.Add("X-Forwarded-For", forwardedFor);
        using var response = await client.SendAsync(request, Stop);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Stop));
    }
}
