using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Vouchsafe.Edge.Headers;
using Vouchsafe.Edge.Tests.Running;
using Vouchsafe.Hosting.Accounts;
using Xunit;

namespace Vouchsafe.Edge.Tests.Headers;

/// <summary>
/// An address with a link's token: no other page is told it, no trace holds it, and no redirect carries it to another
/// host.
/// </summary>
public sealed class LinkTokens(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    private const string Token = "SECRETsecretSECRETsecretSECRETsecretSECRETs";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Are_told_to_nobody_whatever_is_answered()
    {
        var traced = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Microsoft.AspNetCore" or "Npgsql" or "Vouchsafe",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => traced.Enqueue($"{activity.DisplayName} {string.Join(' ', activity.TagObjects)} {string.Join(' ', activity.Baggage)}"),
        };
        ActivitySource.AddActivityListener(listener);
        foreach (var path in LinkAddress.Pages.Concat(["/", "/nowhere", "/fails", "/own-headers", "/api/me"]))
            foreach (var node in new[] { nodes.One.Https, nodes.One.Http })
            {
                using var client = nodes.One.Client();
                using var answer = await client.GetAsync(new Uri(node, $"{path}?{LinkAddress.Parameter}={Token}"), Stop);
                Assert.Equal([LinkReferrers.Policy], answer.Headers.GetValues("Referrer-Policy"));
                if (answer.Headers.Location is { } place) Assert.Equal("localhost", place.Host);
                else Assert.DoesNotContain(Token, string.Join(' ', answer.Headers), StringComparison.Ordinal);
                Assert.DoesNotContain(Token, await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
            }
        using (var client = nodes.One.Client())
        using (var other = await client.GetAsync(new Uri(nodes.One.Https, "/?tokens=1"), Stop))
            Assert.Equal((HttpStatusCode.OK, HeaderOptions.From(nodes.Posture).ReferrerPolicy), (other.StatusCode, Assert.Single(other.Headers.GetValues("Referrer-Policy"))));
        Assert.NotEmpty(traced);
        Assert.DoesNotContain(traced, trace => trace.Contains(Token, StringComparison.Ordinal));
    }
}
