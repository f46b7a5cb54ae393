using Vouchsafe.Assurance.Drills;
using Vouchsafe.Assurance.Results;
using Vouchsafe.Assurance.Tests.Running;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Claims.Evidence;
using Xunit;

namespace Vouchsafe.Assurance.Tests.Drills;

/// <summary>Drills see red, or their check isn't believed; and what they break doesn't stay broken.</summary>
public sealed class Drilling : OnTwoNodes
{
    [Fact]
    public async Task A_drill_breaks_sees_red_mends_and_is_no_breakage()
    {
        await One.Checks.RunAsync(Tls, Stop);
        Time.Advance(Every);
        Assert.True(await One.Drills.RunAsync(Tls, Stop));
        Assert.True(TlsCheck.Whole);
        var state = await Other.StateAsync("SC-01", Stop);
        Assert.Equal(Verdict.Verified, state.Verdict);
        Assert.Equal(Time.GetUtcNow(), state.LastDrillAt);
        Assert.Null(state.LastRedAt);
        Assert.Empty((await One.ResultsAsync(Stop)).Failures);
        var drilled = await DrilledAsync();
        Assert.True(drilled.SeenRed);
        var evidence = EvidenceDocument.Verify(await Other.GetAsync($"/trust/evidence/{drilled.Entry.Id:D}", Stop), null, out var fault);
        Assert.Empty(fault);
        Assert.Equal(("drill.ran", "a flag was cut", "yes"), (evidence!.Event, evidence.Fields["changed"], evidence.Fields["seen-red"]));
    }

    [Fact]
    public async Task A_check_that_stays_green_isnt_believed_until_a_drill_sees_red()
    {
        TlsCheck.Script = (_, _) => Task.FromResult(Finding.Held("All is well, always."));
        await One.RoundAsync(Stop);
        Assert.False((await DrilledAsync()).SeenRed);
        Time.Advance(Every);
        await Other.RoundAsync(Stop);
        var state = await One.StateAsync("SC-01", Stop);
        Assert.Equal(Verdict.Failed, state.Verdict);
        Assert.Contains("isn't believed, because it stayed green in a drill", state.Message, StringComparison.Ordinal);
        Assert.Contains("stayed green in a drill", (await One.StateAsync("SC-03", Stop)).Message, StringComparison.Ordinal);

        TlsCheck.Script = null;
        Time.Advance(Every);
        await One.RoundAsync(Stop);
        Assert.True((await DrilledAsync()).SeenRed);
        Time.Advance(Every);
        await One.RoundAsync(Stop);
        Assert.Equal(Verdict.Verified, (await One.StateAsync("SC-01", Stop)).Verdict);
        Assert.Equal(Verdict.Verified, (await One.StateAsync("SC-03", Stop)).Verdict);
    }

    [Fact]
    public async Task Red_for_another_reason_isnt_what_the_drill_is_about()
    {
        Drill.Expected = "the certificate is of last year";
        Assert.False(await One.Drills.RunAsync(Tls, Stop));
        TlsCheck.Script = (_, _) => TlsCheck.Whole ? Task.FromResult(TlsCheck.Look()) : throw new IOException("somebody cut it");
        Drill.Expected = "somebody cut it";
        Assert.False(await One.Drills.RunAsync(Tls, Stop));
    }

    [Fact]
    public async Task A_drill_that_changes_nothing_shows_nothing()
    {
        Drill.Breaking = () => Task.FromResult<string?>(null);
        Assert.False(await One.Drills.RunAsync(Tls, Stop));
        Assert.Equal("The drill changed nothing, so it showed nothing.", (await DrilledAsync()).Message);
        Assert.Equal(1, Drill.Mended);
    }

    [Fact]
    public async Task A_drill_that_throws_half_way_is_mended_and_missed()
    {
        Drill.Breaking = () =>
        {
            TlsCheck.Whole = false;
            throw new InvalidOperationException("the saw broke");
        };
        Assert.False(await One.Drills.RunAsync(Tls, Stop));
        Assert.True(TlsCheck.Whole);
        Assert.Equal("The drill itself broke: InvalidOperationException.", (await DrilledAsync()).Message);
    }

    [Fact]
    public async Task What_is_broken_in_earnest_isnt_drilled()
    {
        TlsCheck.Whole = false;
        Assert.Null(await One.Drills.RunAsync(Tls, Stop));
        Assert.Equal(0, Drill.Mended);
        Assert.Empty((await One.ResultsAsync(Stop)).Drills);
        Assert.Empty(await One.Get<DrillStore>().BegunAsync(Stop));
        Assert.False(TlsCheck.Whole);
    }

    [Fact]
    public async Task A_look_waits_while_a_drill_has_the_control_broken()
    {
        var (broken, goOn) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        TlsCheck.Script = async (_, _) =>
        {
            if (!TlsCheck.Whole)
            {
                broken.TrySetResult();
                await goOn.Task;
            }
            return TlsCheck.Look();
        };
        var drilling = One.Drills.RunAsync(Tls, Stop);
        await broken.Task.WaitAsync(Stop);
        var looking = Other.Checks.RunAsync(Tls, Stop);
        goOn.SetResult();
        Assert.True(await drilling);
        Assert.True((await looking).Holds);
        Assert.Empty((await One.ResultsAsync(Stop)).Failures);
    }

    [Fact]
    public async Task What_a_dead_node_left_broken_another_mends_in_its_round()
    {
        await One.Get<DrillStore>().BeginAsync(Tls, Time.GetUtcNow(), Stop);
        TlsCheck.Whole = false;
        await Other.RoundAsync(Stop);
        Assert.True(TlsCheck.Whole);
        // Put right, and then drilled, because it was due.
        Assert.Equal(2, Drill.Mended);
        Assert.Empty(await One.Get<DrillStore>().BegunAsync(Stop));
    }

    [Fact]
    public async Task What_cant_be_mended_is_tried_again_and_stops_no_round()
    {
        Drill.Mending = () => throw new IOException("no glue");
        await One.RoundAsync(Stop);
        Assert.False(TlsCheck.Whole);
        Assert.Equal([Tls], await One.Get<DrillStore>().BegunAsync(Stop));
        Assert.NotEqual(Verdict.Unknown, (await One.StateAsync("SC-03", Stop)).Verdict);

        Drill.Mending = null;
        Time.Advance(Every);
        await Other.RoundAsync(Stop);
        Assert.True(TlsCheck.Whole);
        Assert.Empty(await One.Get<DrillStore>().BegunAsync(Stop));
    }

    [Fact]
    public async Task Drills_are_due_by_the_posture_and_run_once_across_nodes()
    {
        await Task.WhenAll(One.RoundAsync(Stop), Other.RoundAsync(Stop));
        Assert.Equal(1, Drill.Mended);
        Time.Advance(DrillEvery - Every);
        await Task.WhenAll(One.RoundAsync(Stop), Other.RoundAsync(Stop));
        Assert.Equal(1, Drill.Mended);
        Time.Advance(Every);
        await Task.WhenAll(One.RoundAsync(Stop), Other.RoundAsync(Stop));
        Assert.Equal(2, Drill.Mended);
    }

    private async Task<DrillRun> DrilledAsync() => (await One.ResultsAsync(Stop)).Drills[Tls];
}
