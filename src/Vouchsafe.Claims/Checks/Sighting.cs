namespace Vouchsafe.Claims.Checks;

/// <summary>What is known of one control: the last look at it, and when it was last seen red.</summary>
/// <param name="Control">The control.</param>
/// <param name="Holds">Whether it was seen to work at the last look.</param>
/// <param name="Message">What the check said.</param>
/// <param name="CheckedAt">When the look began.</param>
/// <param name="ValidUntil">Until when the look counts; from then on it is stale.</param>
/// <param name="LastRedAt">When a look last found it broken in earnest; null: never.</param>
/// <param name="LastDrillAt">When a drill or the acceptance suite last broke it on purpose and the check saw it; null: never.</param>
/// <param name="Evidence">The entry in the operator's log that holds what was seen.</param>
public sealed record Sighting(
    string Control, bool Holds, string Message, DateTimeOffset CheckedAt, DateTimeOffset ValidUntil,
    DateTimeOffset? LastRedAt, DateTimeOffset? LastDrillAt, Guid Evidence)
{
    /// <summary>A red stays red until somebody looks again; a green fades by the clock alone.</summary>
    public Verdict VerdictAt(DateTimeOffset now) => !Holds ? Verdict.Failed : now < ValidUntil ? Verdict.Verified : Verdict.Stale;
}
