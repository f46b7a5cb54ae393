using System.Text;

namespace Vouchsafe.Transparency.Checkpoints;

/// <summary>The rules for a signer's name and for an origin (C2SP signed-note, tlog-checkpoint).</summary>
internal static class NoteName
{
    private const int Longest = 255;

    public static bool IsValid(string name) =>
        name.Length is > 0 and <= Longest
        && name.EnumerateRunes().All(rune => rune != Rune.ReplacementChar && rune.Value != '+' && !Rune.IsWhiteSpace(rune) && !Rune.IsControl(rune));
}
