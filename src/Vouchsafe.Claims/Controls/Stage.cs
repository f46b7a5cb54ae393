namespace Vouchsafe.Claims.Controls;

/// <summary>How far a control has come.</summary>
public enum Stage
{
    /// <summary>Code makes it true and a check looks at it. A posture that names it starts only where that check is registered.</summary>
    Built,

    /// <summary>Known, with its figures, so that postures are complete. A claim that rests on it is <see cref="Checks.Verdict.Unknown"/>.</summary>
    Planned,
}
