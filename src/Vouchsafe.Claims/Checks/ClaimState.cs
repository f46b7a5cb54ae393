using Vouchsafe.Claims.Controls;
using Vouchsafe.Claims.Postures;

namespace Vouchsafe.Claims.Checks;

/// <summary>A claim as it stands at a moment: no better than the worst of its controls.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Verdict">What is known of it.</param>
/// <param name="Message">What the controls behind the verdict say.</param>
/// <param name="CheckedAt">The oldest of the looks it rests on; null where one is missing.</param>
/// <param name="ValidUntil">The first moment at which one of them fades; null where one is missing.</param>
/// <param name="LastRedAt">When any of its controls was last found broken in earnest.</param>
/// <param name="LastDrillAt">Since when all of its controls have been seen to turn red on purpose; null where one never was.</param>
/// <param name="Controls">Each control, in the claim's order.</param>
public sealed record ClaimState(
    ClaimDefinition Claim, Verdict Verdict, string Message, DateTimeOffset? CheckedAt, DateTimeOffset? ValidUntil,
    DateTimeOffset? LastRedAt, DateTimeOffset? LastDrillAt, IReadOnlyList<ControlState> Controls)
{
    /// <param name="claim">A claim in force.</param>
    /// <param name="sighting">The last look at a control, or null.</param>
    /// <param name="now">The moment.</param>
    public static ClaimState Of(ClaimDefinition claim, Func<string, Sighting?> sighting, DateTimeOffset now)
    {
        var controls = claim.Controls.Select(id => ControlState.Of(ControlCatalogue.Find(id)!, sighting(id), now)).ToList();
        var verdict = controls.Select(control => control.Verdict).DefaultIfEmpty(Verdict.Unknown).Max();
        var message = string.Join(" ", controls.Where(control => control.Verdict == verdict).Select(control => control.Message));
        if (claim.Kind == ClaimKind.Attested && verdict == Verdict.Verified)
        {
            // People did it, and nothing was seen: a document on file is not a sighting.
            verdict = Verdict.Unknown;
            message = "Attested: " + message;
        }
        var looks = controls.Select(control => control.Sighting).ToList();
        var complete = looks.Count > 0 && looks.All(look => look is not null);
        return new ClaimState(
            claim, verdict, message,
            complete ? looks.Min(look => look!.CheckedAt) : null,
            complete ? looks.Min(look => look!.ValidUntil) : null,
            looks.Max(look => look?.LastRedAt),
            complete && looks.All(look => look!.LastDrillAt is not null) ? looks.Min(look => look!.LastDrillAt) : null,
            controls);
    }
}
