using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Vouchsafe.Acceptance.Claims;
using Vouchsafe.Acceptance.Running;
using Vouchsafe.Cli.Verifying;
using Vouchsafe.Edge.Probing;
using Xunit;

namespace Vouchsafe.Acceptance.Verifying;

/// <summary>The command that the trust page offers for copying works as it is copied, in any folder, with the tool and nothing else.</summary>
public sealed class CopiedCommand(UnderFluxi running) : IClassFixture<UnderFluxi>
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_verifies_the_running_instance()
    {
        await running.RoundAsync(Stop);
        using var client = Outsider.Stranger(running.Target).Client();
        var page = await client.GetStringAsync(new Uri(running.Target.Https, "/trust"), Stop);
        var command = WebUtility.HtmlDecode(Regex.Match(page, "<code id=\"command-all\"[^>]*>([^<]*)</code>").Groups[1].Value).Split(' ');
        Assert.Equal("vouchsafe", command[0]);
        Assert.Contains("--key", command);
        // What redirects stands on a port of the test's own, which a visitor of a real instance needn't name.
        var (code, said) = await RunAsync([.. command[1..], "--http-url", running.Target.Http!.ToString()]);
        Assert.True(code == 0, said);
        Assert.DoesNotContain("not pinned", said, StringComparison.Ordinal);

        var key = Array.IndexOf(command, "--key") + 1;
        command[key] = Convert.ToBase64String(new byte[32]);
        (code, said) = await RunAsync(command[1..]);
        Assert.True(code == 1, said);
        Assert.Contains("another key", said, StringComparison.Ordinal);
        (code, said) = await RunAsync(["verify"]);
        Assert.True(code == 2, said);
    }

    private static async Task<(int Code, string Said)> RunAsync(IEnumerable<string> arguments)
    {
        var folder = Directory.CreateTempSubdirectory("vouchsafe-copied-").FullName;
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(typeof(VerifyOptions).Assembly.Location);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(Stop), process.StandardError.ReadToEndAsync(Stop));
        await process.WaitForExitAsync(Stop);
        Directory.Delete(folder);
        return (process.ExitCode, await output + await error);
    }
}
