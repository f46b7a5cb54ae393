using System.Text.Json.Nodes;
using Vouchsafe.Assurance.Results;
using Vouchsafe.Assurance.Tests.Running;
using Vouchsafe.Claims.Checks;
using Xunit;

namespace Vouchsafe.Assurance.Tests.Results;

/// <summary>A clock that stands still, or was set back, keeps nothing valid for longer than it is.</summary>
public sealed class Clocks : OnTwoNodes
{
    [Fact]
    public async Task A_frozen_clock_keeps_no_page_green()
    {
        await One.RoundAsync(Stop);
        var clock = new ShiftedTime(Time) { Frozen = Time.GetUtcNow() };
        await using var frozen = await StartAsync(clock);
        Assert.Equal(Verdict.Verified, (await frozen.StateAsync("SC-01", Stop)).Verdict);
        Time.Advance(ValidFor + TimeSpan.FromMinutes(2));
        Assert.Equal(Verdict.Stale, (await frozen.StateAsync("SC-01", Stop)).Verdict);
        var statement = JsonNode.Parse(await frozen.GetAsync("/trust.json", Stop))!;
        Assert.All(statement["claims"]!.AsArray(), claim => Assert.Equal("stale", (string?)claim!["verdict"]));
        Assert.Contains("clock of this node stood still", (await frozen.Checks.RunAsync("assurance.schedule", Stop)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Neither_does_one_that_the_database_shares()
    {
        await One.RoundAsync(Stop);
        var clock = new ShiftedTime(Time);
        await using var frozen = await StartAsync(clock);
        Assert.Equal(Verdict.Verified, (await frozen.StateAsync("SC-01", Stop)).Verdict);
        clock.Frozen = Time.GetUtcNow();
        Time.Advance(ValidFor);
        DatabaseClock.Ahead = -ValidFor;
        Assert.Equal(Verdict.Stale, (await frozen.StateAsync("SC-01", Stop)).Verdict);
    }

    [Theory]
    [InlineData(-61, "is 61 s behind the database's")]
    [InlineData(61, "is 61 s ahead of the database's")]
    public async Task A_clock_that_differs_from_the_databases_is_told_while_it_does(int seconds, string said)
    {
        await One.RoundAsync(Stop);
        DatabaseClock.Ahead = TimeSpan.FromSeconds(-seconds);
        Assert.Contains(said, (await One.Checks.RunAsync("assurance.schedule", Stop)).Message, StringComparison.Ordinal);
        Assert.Contains(said, (await One.Checks.RunAsync("assurance.schedule", Stop)).Message, StringComparison.Ordinal);
        DatabaseClock.Ahead = TimeSpan.FromSeconds(seconds > 0 ? -60 : 60);
        Assert.DoesNotContain("clock", (await One.Checks.RunAsync("assurance.schedule", Stop)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_counter_that_runs_a_little_fast_is_no_fault()
    {
        var clock = new ShiftedTime(Time);
        var judged = new ResultClock(clock);
        judged.Judge(Time.GetUtcNow());
        for (var day = 1; day <= 100; day++)
        {
            Time.Advance(TimeSpan.FromDays(1));
            // 50 parts in a million: 4.3 s a day.
            clock.Ahead -= TimeSpan.FromDays(1) * 50 / 1_000_000;
            Assert.Null(judged.Judge(clock.GetUtcNow()).Fault);
        }
    }
}
