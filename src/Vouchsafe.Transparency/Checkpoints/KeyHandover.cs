using System.Globalization;

namespace Vouchsafe.Transparency.Checkpoints;

/// <summary>
/// A log's key names the one that follows it (docs/formats/key-handover.md): a signed note, signed by both.
/// <code>vouchsafe.dev/key-handover/v1
/// origin
/// old vkey
/// new vkey
/// seconds since 1970 from which both sign
/// seconds since 1970 from which the new one signs alone</code>
/// </summary>
public sealed record KeyHandover(NoteVerifier Old, NoteVerifier New, DateTimeOffset From, DateTimeOffset Until)
{
    public const string Format = "vouchsafe.dev/key-handover/v1";

    public string Origin => Old.Name;

    public string ToText() => string.Create(CultureInfo.InvariantCulture,
        $"{Format}\n{Origin}\n{Old}\n{New}\n{From.ToUnixTimeSeconds()}\n{Until.ToUnixTimeSeconds()}\n");

    /// <summary>The old key's word, and the new one's that it is there.</summary>
    public SignedNote Sign(NoteSigner old, NoteSigner next) => SignedNote.Sign(ToText(), old, next);

    /// <exception cref="NoteException">Not a hand-over, or not signed by both keys.</exception>
    public static KeyHandover Open(SignedNote note)
    {
        if (note.Text.Split('\n') is not [Format, var origin, var old, var next, var from, var until, ""])
            throw new NoteException("Not a key hand-over.");
        var handover = new KeyHandover(NoteVerifier.Parse(old), NoteVerifier.Parse(next), Time(from), Time(until));
        if (handover.Old.Name != origin || handover.New.Name != origin || old == next || handover.From > handover.Until || handover.ToText() != note.Text
            || handover.Old.Type != NoteKeyType.Ed25519 || handover.New.Type != NoteKeyType.Ed25519)
            throw new NoteException("The key hand-over contradicts itself.");
        return note.IsSignedBy(handover.Old) && note.IsSignedBy(handover.New) ? handover : throw new NoteException("The key hand-over isn't signed by both of its keys.");
    }

    private static DateTimeOffset Time(string seconds) =>
        long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(value)
            : throw new NoteException("The key hand-over's time is no number of seconds.");
}
