using System.Diagnostics;
using System.Text.Json;
using Vouchsafe.Claims.Controls;
using Vouchsafe.Cli.Running;
using Xunit;

namespace Vouchsafe.Cli.Tests.Running;

/// <summary>What ./run starts lives on when the thread that asked for it is gone, and it waits for what can come and for nothing else.</summary>
public sealed class KeptProcesses
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(10);

    [Fact]
    public void A_child_outlives_the_thread_that_asked_for_it()
    {
        // The signal is real: without the thread that waits, the child is gone with its starter.
        using (var lost = FromAThreadThatEnds(start => Process.Start(start)!)) Assert.True(lost.WaitForExit(Long));
        using var kept = FromAThreadThatEnds(KeptProcess.Start);
        Assert.False(kept.WaitForExit(TimeSpan.FromMilliseconds(300)));
        kept.Kill();
        Assert.True(kept.WaitForExit(Long));
    }

    [Fact]
    public void What_cannot_be_started_is_said() =>
        Assert.Throws<System.ComponentModel.Win32Exception>(() => KeptProcess.Start(new ProcessStartInfo("/nowhere/at/all")));

    [Theory]
    [InlineData("verified", "transport.tls", "verified", true)]
    [InlineData("failed", "transport.tls", "failed", true)]
    [InlineData("unknown", "transport.tls", "unknown", false)]
    [InlineData("unknown", "encryption.at-rest", "unknown", true)]
    [InlineData("unknown", "no.such-control", "unknown", false)]
    public void A_claim_is_waited_for_while_a_check_of_it_is_still_to_come(string verdict, string control, string sighted, bool settled)
    {
        Assert.Equal(Stage.Planned, ControlCatalogue.All.Single(each => each.Id == "encryption.at-rest").Stage);
        var claim = JsonSerializer.SerializeToElement(new { id = "AF-01", verdict, controls = new[] { new { control, verdict = sighted } } });
        Assert.Equal(settled, Readiness.Settled(claim));
    }

    [Fact]
    public void A_claim_that_is_partly_planned_waits_for_its_other_part()
    {
        JsonElement Of(string tls) => JsonSerializer.SerializeToElement(new { verdict = "unknown", controls = new[] { new { control = "transport.tls", verdict = tls }, new { control = "encryption.at-rest", verdict = "unknown" } } });
        Assert.False(Readiness.Settled(Of("unknown")));
        Assert.True(Readiness.Settled(Of("verified")));
    }

    private static Process FromAThreadThatEnds(Func<ProcessStartInfo, Process> starter)
    {
        Process? child = null;
        var thread = new Thread(() =>
        {
            child = starter(new ProcessStartInfo("setpriv", ["--pdeathsig", "TERM", "--", "sleep", "600"]));
            // Only then has it asked for the signal.
            SpinWait.SpinUntil(() => File.ReadAllText($"/proc/{child.Id}/comm") == "sleep\n", Long);
        });
        thread.Start();
        thread.Join();
        return child!;
    }
}
