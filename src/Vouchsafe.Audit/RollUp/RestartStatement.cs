using System.Globalization;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Audit.RollUp;

/// <summary>
/// Says openly that the roll-up log was begun anew (docs/formats/roll-up.md): where the one before ended, who contradicts it, and why. A signed note by the
/// key of the log before and that of the new one.
/// </summary>
/// <param name="End">The head that the database held of the log before.</param>
/// <param name="Against">What witnesses hold against the log before: name, size and root that they cosigned.</param>
internal sealed record RestartStatement(
    string Before, NoteVerifier Next, TreeHead End, DateTimeOffset At, string Reason, IReadOnlyList<(string Witness, TreeHead Head)> Against)
{
    public const string Format = "vouchsafe.dev/roll-up-restart/v1";

    /// <summary>Longer reasons belong in the operator's own records.</summary>
    public const int LongestReason = 1000;

    public string ToText() =>
        string.Create(CultureInfo.InvariantCulture, $"{Format}\n{Before}\n{Next}\n{End.Size}\n{Convert.ToBase64String(End.Root.Bytes)}\n{At.ToUnixTimeSeconds()}\n{Reason}\n")
        + string.Concat(Against.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Witness} {one.Head.Size} {Convert.ToBase64String(one.Head.Root.Bytes)}\n")));
}
