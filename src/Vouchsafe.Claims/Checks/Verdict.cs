namespace Vouchsafe.Claims.Checks;

/// <summary>What is known of a claim now. Ordered from best to worst, so that the verdict of several is their maximum.</summary>
public enum Verdict
{
    /// <summary>A check saw the control work, and that sighting is still valid.</summary>
    Verified,

    /// <summary>Nothing has looked yet, or the control is planned.</summary>
    Unknown,

    /// <summary>The last sighting is past its validity. Derived from the clock alone; nothing needs to run for it.</summary>
    Stale,

    /// <summary>A check saw the control broken, or the check itself broke.</summary>
    Failed,
}
