using Vouchsafe.Claims.Checks;
using Vouchsafe.Claims.Controls;
using Vouchsafe.Claims.Postures;
using Vouchsafe.Claims.Tests.Postures;
using Xunit;

namespace Vouchsafe.Claims.Tests.Checks;

/// <summary>A claim is no better than the worst of its controls, and no green outlives its time.</summary>
public sealed class ClaimStates
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private static readonly Posture Posture = ShippedPostures.Load("apower-flex");
    private static readonly ClaimDefinition Claim = Posture.Claim("AF-07")!;

    [Fact]
    public void What_nobody_looked_at_is_unknown() => Assert.Equal(Verdict.Unknown, ClaimState.Of(Claim, _ => null, Noon).Verdict);

    [Fact]
    public void A_green_fades_by_the_clock_alone_at_its_last_moment()
    {
        var seen = Seen(holds: true);
        Assert.Equal(Verdict.Verified, ClaimState.Of(Claim, _ => seen, seen.ValidUntil.AddTicks(-1)).Verdict);
        var faded = ClaimState.Of(Claim, _ => seen, seen.ValidUntil);
        Assert.Equal(Verdict.Stale, faded.Verdict);
        Assert.Contains("too long ago", faded.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_red_stays_red_however_old() =>
        Assert.Equal(Verdict.Failed, ClaimState.Of(Claim, _ => Seen(holds: false), Noon.AddYears(1)).Verdict);

    [Fact]
    public void The_worst_control_gives_the_verdict_and_the_oldest_look_its_time()
    {
        var claim = OfTwoControls();
        var state = ClaimState.Of(claim, control => Seen(holds: control != claim.Controls[0]) with { CheckedAt = control == claim.Controls[^1] ? Noon.AddMinutes(-1) : Noon }, Noon);
        Assert.Equal(Verdict.Failed, state.Verdict);
        Assert.Equal(Noon.AddMinutes(-1), state.CheckedAt);
        Assert.Equal(Verdict.Unknown, ClaimState.Of(claim, control => control == claim.Controls[0] ? null : Seen(holds: true), Noon).Verdict);
    }

    [Fact]
    public void A_planned_control_is_unknown_whatever_was_seen()
    {
        var planned = Posture.Claims.First(claim => claim.Controls.Any(control => ControlCatalogue.Find(control)!.Stage == Stage.Planned));
        Assert.Equal(Verdict.Unknown, ClaimState.Of(planned, _ => Seen(holds: true), Noon).Verdict);
    }

    [Fact]
    public void Seen_red_on_purpose_counts_once_every_control_was()
    {
        var claim = OfTwoControls();
        Assert.Null(ClaimState.Of(claim, control => Seen(holds: true) with { LastDrillAt = control == claim.Controls[0] ? Noon : null }, Noon).LastDrillAt);
        Assert.Equal(Noon.AddDays(-1), ClaimState.Of(claim, control => Seen(holds: true) with { LastDrillAt = control == claim.Controls[0] ? Noon : Noon.AddDays(-1) }, Noon).LastDrillAt);
    }

    [Fact]
    public void What_people_attest_is_never_verified_and_nothing_else_is_changed_by_that()
    {
        var attested = PostureFile.Parse(SmallPosture.Text.Replace("kind: enforced", "kind: attested", StringComparison.Ordinal)).Claim("SM-01")!;
        var state = ClaimState.Of(attested, _ => Seen(holds: true), Noon);
        Assert.Equal((Verdict.Unknown, "Attested: Seen."), (state.Verdict, state.Message));
        var failed = ClaimState.Of(attested, _ => Seen(holds: false), Noon);
        Assert.Equal((Verdict.Failed, "Seen."), (failed.Verdict, failed.Message));
        Assert.Equal(Verdict.Stale, ClaimState.Of(attested, _ => Seen(holds: true), Noon.AddHours(1)).Verdict);
        var enforced = ClaimState.Of(Claim, _ => Seen(holds: true), Noon);
        Assert.Equal((Verdict.Verified, "Seen."), (enforced.Verdict, enforced.Message));
    }

    private static ClaimDefinition OfTwoControls() =>
        PostureFile.Parse(SmallPosture.Text.Replace("ipv6-prefix: 64 }", "ipv6-prefix: 64 }\n      limits.answer: {}", StringComparison.Ordinal)).Claim("SM-01")!;

    private static Sighting Seen(bool holds) => new("any", holds, "Seen.", Noon, Noon.AddMinutes(5), null, null, Guid.CreateVersion7(Noon));
}
