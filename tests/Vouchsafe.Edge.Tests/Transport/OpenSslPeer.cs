using System.Diagnostics;
using Vouchsafe.Edge.Tests.Running;
using Vouchsafe.Edge.Transport;
using Vouchsafe.Claims.Checks;
using Xunit;

namespace Vouchsafe.Edge.Tests.Transport;

/// <summary>What the system's openssl, which nobody here wrote, agrees on with a node under each posture.</summary>
public sealed class OpenSslPeer(EdgeDatabase database) : IClassFixture<EdgeDatabase>
{
    public static TheoryData<string, string, string?> Offers() => new()
    {
        { "apower-flex", "-tls1_2 -cipher ECDHE-ECDSA-AES256-GCM-SHA384", "TLSv1.2" },
        { "apower-flex", "-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA256", null },
        { "apower-flex", "-tls1_2 -cipher AES128-GCM-SHA256", null },
        { "apower-flex", "-tls1_1 -cipher DEFAULT@SECLEVEL=0", null },
        { "apower-flex", "-tls1 -cipher DEFAULT@SECLEVEL=0", null },
        { "apower-flex", "-tls1_3", "TLSv1.3" },
        { "apower-flex", "", "TLSv1.3" },
        { "clientflow", "-tls1_2", null },
        { "clientflow", "-tls1_3", "TLSv1.3" },
        { "apshan", "-tls1_2", "TLSv1.2" },
        { "apshan", "", "TLSv1.3" },
        { "fluxi", "", "TLSv1.3" },
    };

    [Theory, MemberData(nameof(Offers))]
    public async Task Agrees_on_what_is_promised_and_nothing_else(string posture, string offer, string? expected)
    {
        await using var node = await EdgeNode.StartAsync(database, TestPosture.Load(posture));
        var output = await OpenSslAsync($"s_client -connect 127.0.0.1:{node.Https.Port} -servername localhost -brief {offer}");
        if (expected is null) Assert.DoesNotContain("CONNECTION ESTABLISHED", output, StringComparison.Ordinal);
        else Assert.Contains($"Protocol version: {expected}", output, StringComparison.Ordinal);
    }

    [Theory, InlineData("apshan"), InlineData("clientflow"), InlineData("fluxi")]
    public async Task The_check_says_the_same(string posture)
    {
        var promised = TestPosture.Load(posture);
        await using var node = await EdgeNode.StartAsync(database, promised);
        var check = new TlsCheck();
        var finding = await check.RunAsync(EdgeNode.Context(check, promised, node), TestContext.Current.CancellationToken);
        Assert.True(finding.Holds, finding.Message);
    }

    private static async Task<string> OpenSslAsync(string arguments)
    {
        var start = new ProcessStartInfo("openssl", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return await output + await error;
    }
}
