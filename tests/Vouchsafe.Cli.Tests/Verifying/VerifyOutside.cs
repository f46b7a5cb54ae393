using System.Text.Json;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Cli.Verifying;
using Vouchsafe.Edge.Headers;
using Vouchsafe.Edge.Tests.Running;
using Vouchsafe.Edge.Transport;
using Xunit;

namespace Vouchsafe.Cli.Tests.Verifying;

/// <summary><c>vouchsafe verify</c> against a running node.</summary>
public sealed class VerifyOutside(EdgeDatabase database) : IClassFixture<EdgeDatabase>, IAsyncLifetime
{
    private static readonly string[] Outside = ["AF-01", "AF-02", "AF-03", "AF-15", "AF-16", "AF-17", "AF-18", "AF-19"];
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;
    private EdgeNode node = null!;

    public async ValueTask InitializeAsync() => node = await EdgeNode.StartAsync(database, TestPosture.Load("apower-flex"));

    public ValueTask DisposeAsync() => node.DisposeAsync();

    [Fact]
    public async Task What_holds_is_verified_and_ends_with_zero()
    {
        var (code, claims, progress) = await RunAsync(Outside);
        Assert.Equal(Outside, claims.Select(claim => claim.GetProperty("id").GetString()));
        foreach (var claim in claims)
        {
            Assert.Equal("verified", claim.GetProperty("verdict").GetString());
            Assert.True(claim.GetProperty("validUntil").GetDateTimeOffset() > claim.GetProperty("checkedAt").GetDateTimeOffset());
            Assert.False(string.IsNullOrWhiteSpace(claim.GetProperty("message").GetString()));
            Assert.Equal(["id", "verdict", "checkedAt", "validUntil", "lastRedAt", "message"], claim.EnumerateObject().Select(member => member.Name));
        }
        Assert.Equal(0, code);
        Assert.Contains("· transport.tls", progress, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_broken_fails_its_claim_alone()
    {
        var options = HstsOptions.From(TestPosture.Load("apower-flex"));
        node.Controls.Headers = new HeaderPolicy(HeaderOptions.From(TestPosture.Load("apower-flex")), options with { IncludeSubdomains = false });
        var (code, claims, _) = await RunAsync(["AF-01", "AF-02"]);
        Assert.Equal(["verified", "failed"], claims.Select(claim => claim.GetProperty("verdict").GetString()));
        Assert.Contains("includeSubDomains", claims[1].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, code);
    }

    [Fact]
    public async Task What_is_planned_or_shows_no_evidence_does_not_hold()
    {
        var (code, claims, _) = await RunAsync(["AF-01", "AF-05", "AF-10"]);
        Assert.Equal("verified", claims[0].GetProperty("verdict").GetString());
        Assert.All(claims.Skip(1), claim => Assert.NotEqual("verified", claim.GetProperty("verdict").GetString()));
        Assert.Equal(1, code);
    }

    [Fact]
    public async Task Nobody_there_fails_every_claim()
    {
        var (code, claims, _) = await RunAsync(["AF-01", "AF-16"], new Uri("https://localhost:1"));
        Assert.All(claims, claim => Assert.Equal("failed", claim.GetProperty("verdict").GetString()));
        Assert.Equal(1, code);
    }

    /// <summary>What an outsider sees of somebody else's instance says nothing of the one whose key was named.</summary>
    [Fact]
    public async Task A_claim_seen_from_outside_does_not_hold_where_the_key_that_was_named_signed_nothing()
    {
        using var output = new StringWriter();
        using var progress = new StringWriter();
        var options = Options(["AF-02"], node.Https, null) with { Key = Convert.ToBase64String(new byte[32]) };
        Assert.Equal(1, await VerifyCommand.RunAsync(options, output, progress, TimeProvider.System, Stop));
        var report = JsonDocument.Parse(output.ToString()).RootElement;
        Assert.Equal("verified", report.GetProperty("claims")[0].GetProperty("verdict").GetString());
        Assert.False(report.GetProperty("holds").GetBoolean());
    }

    [Theory, InlineData("XX-99", "apower-flex"), InlineData("AF-01", "no-such-posture")]
    public async Task A_claim_or_posture_that_is_not_there_cannot_be_verified(string claim, string posture)
    {
        using var output = new StringWriter();
        using var progress = new StringWriter();
        Assert.Equal(2, await VerifyCommand.RunAsync(Options([claim], node.Https, posture == "apower-flex" ? null : posture), output, progress, TimeProvider.System, Stop));
        Assert.Empty(output.ToString());
        Assert.Contains(posture == "apower-flex" ? claim : posture, progress.ToString(), StringComparison.Ordinal);
    }

    private async Task<(int Code, JsonElement[] Claims, string Progress)> RunAsync(string[] claims, Uri? url = null)
    {
        using var output = new StringWriter();
        using var progress = new StringWriter();
        var code = await VerifyCommand.RunAsync(Options(claims, url ?? node.Https, null), output, progress, TimeProvider.System, Stop);
        var root = JsonDocument.Parse(output.ToString()).RootElement;
        return (code, [.. root.GetProperty("claims").EnumerateArray()], progress.ToString());
    }

    private VerifyOptions Options(string[] claims, Uri url, string? posture) => new(
        new CheckTarget(url, node.Http, [url], AcceptAnyCertificate: true), posture ?? TestPosture.File("apower-flex"), claims, null, Json: true);
}
