using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Configuration;
using Vouchsafe.Edge.Proxies;
using Vouchsafe.Edge.Tests.Running;
using Xunit;

namespace Vouchsafe.Edge.Tests.Proxies;

/// <summary>Whose word counts for where a request came from.</summary>
public sealed class Forwarded
{
    private static readonly ForwardedOptions Proxies = new([IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("fd00::/8")]);

    private static Gen<IPAddress> Addresses => Gen.OneOf(
        Gen.ArrayOf(Gen.Choose(0, 255).Select(value => (byte)value), 4).Select(bytes => new IPAddress(bytes)),
        Gen.ArrayOf(Gen.Choose(0, 255).Select(value => (byte)value), 16).Select(bytes => new IPAddress(bytes)));

    private static Gen<IPAddress> Proxy => Gen.ArrayOf(Gen.Choose(0, 255).Select(value => (byte)value), 3).Select(bytes => new IPAddress([10, .. bytes]));

    [Fact]
    public void Nobody_but_a_declared_proxy_is_believed() => Prop.ForAll(Addresses.ToArbitrary(), ArbMap.Default.ArbFor<string>(), (peer, header) =>
    {
        var normal = ForwardedFor.Normalise(peer);
        return Proxies.Trusts(normal) || (ForwardedFor.TryResolve(peer, header, Proxies, out var client) && client.Equals(normal));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Behind_proxies_the_last_that_is_none_is_the_client() => Prop.ForAll(
        Gen.ListOf(Proxy).ToArbitrary(), Addresses.Where(address => !Proxies.Trusts(ForwardedFor.Normalise(address))).ToArbitrary(), ArbMap.Default.ArbFor<string>(),
        (chain, client, hearsay) =>
        {
            var hops = chain.Take(ForwardedFor.MostHops - 2).ToArray();
            var header = string.Join(", ", new[] { (hearsay ?? "").Replace('\n', ' '), client.ToString() }.Concat(hops.Select(hop => hop.ToString())));
            return header.Length > ForwardedFor.LongestHeader
                || (ForwardedFor.TryResolve(IPAddress.Parse("10.1.1.1"), header, Proxies, out var found) && found.Equals(ForwardedFor.Normalise(client)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_text_is_read_or_refused_and_never_breaks() => Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
    {
        var read = ForwardedFor.TryParse(text, out var address);
        return !read || (!address.IsIPv4MappedToIPv6 && ForwardedFor.TryParse(address.ToString(), out var again) && again.Equals(address));
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1"), InlineData("192.0.2.1:8080", "192.0.2.1"), InlineData("2001:db8::1", "2001:db8::1")]
    [InlineData("[2001:db8::1]", "2001:db8::1"), InlineData("[2001:db8::1]:443", "2001:db8::1"), InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    public void An_address_is_read(string text, string expected)
    {
        Assert.True(ForwardedFor.TryParse(text, out var address));
        Assert.Equal(IPAddress.Parse(expected), address);
    }

    [Theory]
    [InlineData(""), InlineData("unknown"), InlineData("_hidden"), InlineData("192.0.2"), InlineData("192.0.2.01"), InlineData("0xc0.0.2.1"), InlineData("3221225985")]
    [InlineData("192.0.2.1:"), InlineData("192.0.2.1:0"), InlineData("192.0.2.1:65536"), InlineData("192.0.2.1:+1"), InlineData("[192.0.2.1]"), InlineData("[::1"), InlineData("[::1]x")]
    [InlineData("fe80::1%eth0"), InlineData("192.0.2.1 x"), InlineData("\"192.0.2.1\""), InlineData("::1::"), InlineData("localhost")]
    public void Anything_else_is_refused(string text)
    {
        Assert.False(ForwardedFor.TryParse(text, out _));
        Assert.False(ForwardedFor.TryResolve(IPAddress.Parse("10.0.0.1"), text.Length == 0 ? "," : text, Proxies, out _));
    }

    [Fact]
    public void A_chain_without_end_is_refused()
    {
        Assert.False(ForwardedFor.TryResolve(IPAddress.Parse("10.0.0.1"), string.Join(',', Enumerable.Repeat("10.0.0.2", ForwardedFor.MostHops + 1)), Proxies, out _));
        Assert.False(ForwardedFor.TryResolve(IPAddress.Parse("10.0.0.1"), new string('1', ForwardedFor.LongestHeader + 1), Proxies, out _));
    }

    [Theory]
    [InlineData("0.0.0.0/0"), InlineData("::/0"), InlineData("10.0.0.1/8"), InlineData("proxy.internal"), InlineData("")]
    public void A_proxy_that_is_no_network_or_everybody_stops_the_start(string text) => Assert.Throws<InvalidOperationException>(() =>
        ForwardedOptions.From(new ConfigurationBuilder().AddInMemoryCollection([new("Vouchsafe:Edge:TrustedProxies:0", text)]).Build()));
}

/// <summary>The same through a running node.</summary>
public sealed class ForwardedOverTheWire(EdgeDatabase database) : IClassFixture<EdgeDatabase>
{
    [Fact]
    public async Task A_declared_proxy_is_believed_and_garbage_from_it_is_refused()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var node = await EdgeNode.StartAsync(database, TestPosture.Load("apower-flex"), ("Vouchsafe:Edge:TrustedProxies:0", "127.77.0.0/16"));
        Assert.Contains("\"203.0.113.9\"", await Me(node, "127.77.0.1", "198.51.100.1, 203.0.113.9", stop), StringComparison.Ordinal);
        Assert.Contains("\"127.78.0.1\"", await Me(node, "127.78.0.1", "203.0.113.9", stop), StringComparison.Ordinal);
        Assert.Contains("bad-forwarding", await Me(node, "127.77.0.1", "somebody", stop), StringComparison.Ordinal);

        using var plain = node.Client(source: IPAddress.Parse("127.77.0.1"));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(node.Http, "/healthz/live")) { Headers = { { "X-Forwarded-Proto", "https" } } };
        Assert.Equal(HttpStatusCode.OK, (await plain.SendAsync(request, stop)).StatusCode);
        using var stranger = node.Client(source: IPAddress.Parse("127.78.0.1"));
        using var lie = new HttpRequestMessage(HttpMethod.Get, new Uri(node.Http, "/healthz/live")) { Headers = { { "X-Forwarded-Proto", "https" } } };
        Assert.Equal(HttpStatusCode.PermanentRedirect, (await stranger.SendAsync(lie, stop)).StatusCode);
    }

    private static async Task<string> Me(EdgeNode node, string source, string forwardedFor, CancellationToken stop)
    {
        using var client = node.Client(source: IPAddress.Parse(source));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(node.Https, "/api/me")) { Headers = { { "X-Forwarded-For", forwardedFor } } };
        using var response = await client.SendAsync(request, stop);
        return await response.Content.ReadAsStringAsync(stop);
    }
}
