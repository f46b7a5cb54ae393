using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vouchsafe.Acceptance.Claims;
using Vouchsafe.Acceptance.Running;
using Vouchsafe.Assurance.Drills;
using Vouchsafe.Assurance.Results;
using Vouchsafe.Claims.Drills;
using Vouchsafe.Edge.Probing;
using Xunit;

namespace Vouchsafe.Acceptance.Drills;

/// <summary>Drills in the running product: each turns its check red, leaves nothing broken, and shows on the trust page.</summary>
public abstract class RunningDrills<TRunning>(TRunning running)
    where TRunning : RunningApplication
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_drill_turns_its_check_red_and_mends_it()
    {
        await running.RoundAsync(Stop);
        var runner = running.Services.GetRequiredService<DrillRunner>();
        Assert.NotEmpty(runner.Controls);
        foreach (var control in runner.Controls)
        {
            Assert.True(await runner.RunAsync(control, Stop), $"The check of {control} stayed green.");
            var after = await running.CheckAsync(control, Stop);
            Assert.True(after.Holds, $"{control} stayed broken: {after.Message}");
        }

        var drilled = (await running.Services.GetRequiredService<ResultLog>().ReadAsync(sequence: true, Stop)).Drills;
        using var client = Outsider.Stranger(running.Target).Client();
        var statement = await client.GetFromJsonAsync<JsonElement>(new Uri(running.Target.Https, "/trust.json"), Stop);
        foreach (var control in runner.Controls)
        {
            var shown = statement.GetProperty("claims").EnumerateArray().SelectMany(claim => claim.GetProperty("controls").EnumerateArray()).First(each => each.GetProperty("control").GetString() == control);
            Assert.Equal(drilled[control].BeganAt.ToUnixTimeSeconds(), shown.GetProperty("lastDrillAt").GetDateTimeOffset().ToUnixTimeSeconds());
            Assert.True(shown.GetProperty("verdict").GetString() == "verified", $"The statement says of {control}: {shown}");
            using var evidence = await client.GetAsync(new Uri(running.Target.Https, $"/trust/evidence/{drilled[control].Entry.Id:D}"), Stop);
            Assert.True(evidence.IsSuccessStatusCode, "A drill's evidence can't be downloaded.");
        }
    }

    /// <summary>A process that died within a drill: the next round finds it and mends.</summary>
    [Fact]
    public async Task A_drill_that_was_cut_off_is_mended_by_the_next_round()
    {
        await running.RoundAsync(Stop);
        var store = running.Services.GetRequiredService<DrillStore>();
        var drill = running.Services.GetServices<IDrill>().First(drill => running.Posture.Controls.Contains(drill.Control));
        await store.BeginAsync(drill.Control, TimeProvider.System.GetUtcNow(), Stop);
        Assert.NotNull(await drill.BreakAsync(Stop));
        Assert.False((await running.CheckAsync(drill.Control, Stop)).Holds);
        await running.Services.GetRequiredService<DrillRunner>().RunDueAsync(Stop);
        Assert.True((await running.CheckAsync(drill.Control, Stop)).Holds);
        Assert.DoesNotContain(drill.Control, await store.BegunAsync(Stop));
    }
}

public sealed class DrillsUnderApowerFlex(UnderApowerFlex running) : RunningDrills<UnderApowerFlex>(running), IClassFixture<UnderApowerFlex>;

public sealed class DrillsUnderClientFlow(UnderClientFlow running) : RunningDrills<UnderClientFlow>(running), IClassFixture<UnderClientFlow>;
