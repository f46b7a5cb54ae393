using Vouchsafe.Claims.Postures;

namespace Vouchsafe.Assurance;

/// <summary>When checks run, and for how long what they saw counts: the control <c>assurance.schedule</c>.</summary>
/// <param name="Every">Between two runs of a check.</param>
/// <param name="ValidFor">For how long a sighting counts.</param>
/// <param name="Timeout">The longest that a check may take; beyond it the control counts as broken.</param>
public sealed record AssuranceOptions(TimeSpan Every, TimeSpan ValidFor, TimeSpan Timeout)
{
    public static AssuranceOptions From(Posture posture)
    {
        var schedule = posture.Figures("assurance.schedule");
        return new AssuranceOptions(schedule.Duration("every"), schedule.Duration("valid-for"), schedule.Duration("timeout"));
    }
}
