using Vouchsafe.Claims.Postures;

namespace Vouchsafe.Assurance;

/// <summary>When checks and drills run, and for how long what they saw counts: the control <c>assurance.schedule</c>.</summary>
/// <param name="Every">Between two runs of a check.</param>
/// <param name="ValidFor">For how long a sighting counts.</param>
/// <param name="Timeout">The longest that a check may take; beyond it the control counts as broken.</param>
/// <param name="DrillEvery">Between two drills of a control that can be drilled.</param>
/// <param name="RedWithin">Within this time every check must have been seen to turn red.</param>
public sealed record AssuranceOptions(TimeSpan Every, TimeSpan ValidFor, TimeSpan Timeout, TimeSpan DrillEvery, TimeSpan RedWithin)
{
    internal const string Control = "assurance.schedule";

    public static AssuranceOptions From(Posture posture)
    {
        var schedule = posture.Figures(Control);
        return new AssuranceOptions(
            schedule.Duration("every"), schedule.Duration("valid-for"), schedule.Duration("timeout"),
            schedule.Duration("drill-every"), schedule.Duration("red-within"));
    }
}
