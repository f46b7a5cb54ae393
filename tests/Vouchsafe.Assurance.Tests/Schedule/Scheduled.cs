using Vouchsafe.Assurance.Seen;
using Vouchsafe.Assurance.Tests.Running;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Claims.Controls;
using Xunit;

namespace Vouchsafe.Assurance.Tests.Schedule;

/// <summary>The schedule's own check: late checks, late drills, and checks that nobody saw fail.</summary>
public sealed class Scheduled : OnTwoNodes
{
    private const string Schedule = "assurance.schedule";

    [Fact]
    public async Task It_holds_after_a_round()
    {
        await One.RoundAsync(Stop);
        var state = await One.StateAsync("SC-03", Stop);
        Assert.Equal(Verdict.Verified, state.Verdict);
        Assert.Contains("2 checks ran within their interval", state.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_check_that_never_ran_is_named()
    {
        await One.Checks.RunAsync(Tls, Stop);
        var finding = await One.Checks.RunAsync(Schedule, Stop);
        Assert.False(finding.Holds);
        Assert.Contains("The check of transport.hsts has never run.", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_intervals_without_a_round_are_too_long()
    {
        await One.RoundAsync(Stop);
        Time.Advance(2 * Every);
        Assert.True((await One.Checks.RunAsync(Schedule, Stop)).Holds);
        Time.Advance(TimeSpan.FromTicks(10));
        var finding = await One.Checks.RunAsync(Schedule, Stop);
        Assert.False(finding.Holds);
        Assert.Contains("is overdue: it last ran at", finding.Message, StringComparison.Ordinal);
        await One.RoundAsync(Stop);
        Assert.Equal(Verdict.Verified, (await One.StateAsync("SC-03", Stop)).Verdict);
    }

    [Fact]
    public async Task A_drill_is_overdue_after_twice_its_interval()
    {
        await One.RoundAsync(Stop);
        Time.Advance(2 * DrillEvery);
        await LookAsync();
        Assert.True((await One.Checks.RunAsync(Schedule, Stop)).Holds);
        Time.Advance(TimeSpan.FromTicks(10));
        await LookAsync();
        var finding = await One.Checks.RunAsync(Schedule, Stop);
        Assert.False(finding.Holds);
        Assert.StartsWith("The drill of transport.tls is overdue: the last began at", finding.Message, StringComparison.Ordinal);
    }

    private async Task LookAsync()
    {
        foreach (var control in new[] { Tls, Hsts }) await One.Checks.RunAsync(control, Stop);
    }

    [Fact]
    public async Task A_schedule_that_stopped_is_stale_by_the_clock_alone()
    {
        await One.RoundAsync(Stop);
        Time.Advance(ValidFor);
        Assert.Equal(Verdict.Stale, (await One.StateAsync("SC-03", Stop)).Verdict);
    }

    [Fact]
    public async Task What_nobody_saw_turn_red_for_too_long_is_named()
    {
        Time.Advance(SuiteRecord.Embedded.Of(Hsts)!.Value + TimeSpan.FromDays(90) - Time.GetUtcNow());
        await One.RoundAsync(Stop);
        Assert.Equal(Verdict.Verified, (await One.StateAsync("SC-03", Stop)).Verdict);
        Time.Advance(Every);
        await One.RoundAsync(Stop);
        var state = await One.StateAsync("SC-03", Stop);
        Assert.Equal(Verdict.Failed, state.Verdict);
        // The other one was drilled in the meantime.
        Assert.StartsWith("The check of transport.hsts was last seen to turn red at", state.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_suites_record_has_every_built_control() =>
        Assert.All(ControlCatalogue.All.Where(control => control.Stage == Stage.Built), control => Assert.NotNull(SuiteRecord.Embedded.Of(control.Id)));
}
