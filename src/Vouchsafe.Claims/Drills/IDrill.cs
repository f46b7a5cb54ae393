using Vouchsafe.Claims.Checks;

namespace Vouchsafe.Claims.Drills;

/// <summary>Breaks a control in the running product where that harms nobody (a canary tenant), so that its check can be seen to turn red.</summary>
/// <remarks>
/// Breaking must not touch a real tenant's protection, not even for a moment. Mending is called whatever happened, also when
/// breaking failed half-way, and again after a restart: it must do no harm a second time, and need nothing that breaking left in memory.
/// </remarks>
public interface IDrill
{
    /// <summary>The control that is broken, as the catalogue names it.</summary>
    string Control { get; }

    /// <summary>A part of the message with which the check must answer: red for another reason isn't what the drill is about.</summary>
    string Expected { get; }

    /// <summary>Where the drill is a server of its own that breaks the control: that server while it is there. The check is sent to it instead of to the real nodes.</summary>
    CheckTarget? Impostor => null;

    /// <returns>What was changed, in a few words; null where nothing changed: the drill is then void.</returns>
    Task<string?> BreakAsync(CancellationToken cancellationToken);

    Task MendAsync(CancellationToken cancellationToken);
}
