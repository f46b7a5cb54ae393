using Vouchsafe.Claims.Controls;

namespace Vouchsafe.Claims.Checks;

/// <summary>A control as it stands at a moment.</summary>
/// <param name="Control">Its id.</param>
/// <param name="Verdict">What is known of it.</param>
/// <param name="Message">One sentence on it.</param>
/// <param name="Sighting">The last look, or null where there was none.</param>
public sealed record ControlState(string Control, Verdict Verdict, string Message, Sighting? Sighting)
{
    public static ControlState Of(ControlDefinition control, Sighting? sighting, DateTimeOffset now) => (control.Stage, sighting) switch
    {
        (Stage.Planned, _) => new ControlState(control.Id, Verdict.Unknown, $"{control.Id} is planned.", null),
        (_, null) => new ControlState(control.Id, Verdict.Unknown, $"{control.Id} has not been checked yet.", null),
        (_, { } seen) when seen.VerdictAt(now) == Verdict.Stale =>
            new ControlState(control.Id, Verdict.Stale, $"{control.Id} was last checked at {seen.CheckedAt:yyyy-MM-dd HH:mm:ss}Z, too long ago. It said: {seen.Message}", seen),
        (_, { } seen) => new ControlState(control.Id, seen.VerdictAt(now), seen.Message, seen),
    };
}
