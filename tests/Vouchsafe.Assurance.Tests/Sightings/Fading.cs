using Vouchsafe.Assurance.Tests.Running;
using Vouchsafe.Claims.Checks;
using Xunit;

namespace Vouchsafe.Assurance.Tests.Sightings;

/// <summary>What was seen counts as long as the posture says and no longer; a red stays.</summary>
public sealed class Fading : OnTwoNodes
{
    [Fact]
    public async Task Before_anybody_looked_nothing_is_known()
    {
        var state = await One.StateAsync("SC-01", Stop);
        Assert.Equal(Verdict.Unknown, state.Verdict);
        Assert.Null(state.CheckedAt);
        Assert.Null(state.ValidUntil);
    }

    [Fact]
    public async Task A_green_is_stale_from_the_moment_on_at_which_it_stops_to_count_though_nothing_runs()
    {
        await One.Checks.RunAsync(Tls, Stop);
        Assert.Equal(Verdict.Verified, (await Other.StateAsync("SC-01", Stop)).Verdict);
        Time.Advance(ValidFor - TimeSpan.FromMilliseconds(1));
        Assert.Equal(Verdict.Verified, (await Other.StateAsync("SC-01", Stop)).Verdict);
        Time.Advance(TimeSpan.FromMilliseconds(1));
        var state = await Other.StateAsync("SC-01", Stop);
        Assert.Equal(Verdict.Stale, state.Verdict);
        Assert.Contains("too long ago", state.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_claim_is_as_old_as_the_oldest_of_its_looks()
    {
        await One.Checks.RunAsync(Tls, Stop);
        Time.Advance(Every);
        await One.Checks.RunAsync(Hsts, Stop);
        var state = await One.StateAsync("SC-02", Stop);
        Assert.Equal(Time.GetUtcNow() - Every, state.CheckedAt);
        Assert.Equal(Time.GetUtcNow() - Every + ValidFor, state.ValidUntil);
        Time.Advance(ValidFor - Every);
        Assert.Equal(Verdict.Stale, (await One.StateAsync("SC-02", Stop)).Verdict);
    }

    [Fact]
    public async Task A_red_doesnt_fade_and_is_listed_when_it_is_mended()
    {
        var began = Time.GetUtcNow();
        TlsCheck.Whole = false;
        await One.Checks.RunAsync(Tls, Stop);
        Time.Advance(TimeSpan.FromDays(3));
        Assert.Equal(Verdict.Failed, (await One.StateAsync("SC-01", Stop)).Verdict);
        await Other.Checks.RunAsync(Tls, Stop);
        var last = Time.GetUtcNow();

        TlsCheck.Whole = true;
        Time.Advance(Every);
        await Other.Checks.RunAsync(Tls, Stop);
        var state = await One.StateAsync("SC-01", Stop);
        Assert.Equal(Verdict.Verified, state.Verdict);
        Assert.Equal(last, state.LastRedAt);
        var red = Assert.Single((await One.ResultsAsync(Stop)).Failures);
        Assert.Equal((Tls, began, last, Time.GetUtcNow()), (red.Control, red.BeganAt, red.LastAt, red.EndedAt));
    }

    [Fact]
    public async Task Each_red_is_a_line_of_its_own()
    {
        for (var times = 0; times < 3; times++)
        {
            TlsCheck.Whole = false;
            await One.Checks.RunAsync(Tls, Stop);
            TlsCheck.Whole = true;
            Time.Advance(Every);
            await One.Checks.RunAsync(Tls, Stop);
            Time.Advance(Every);
        }
        var reds = (await One.ResultsAsync(Stop)).Failures;
        Assert.Equal(3, reds.Count);
        Assert.All(reds, red => Assert.Equal(Every, red.EndedAt - red.BeganAt));
        Assert.Equal(reds.OrderByDescending(red => red.BeganAt), reds);
    }
}
