using System.Text;

namespace Vouchsafe.Transparency.Checkpoints;

/// <summary>
/// A text with signatures under it (C2SP signed-note):
/// <code>text, whose last line ends in a newline
///
/// — name base64(key id 4 ‖ signature)</code>
/// </summary>
public sealed class SignedNote
{
    /// <summary>A longer note is refused unread.</summary>
    public const int LongestNote = 64 * 1024;

    public const int MostSignatures = 100;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private SignedNote(string text, IReadOnlyList<NoteSignature> signatures)
    {
        Text = text;
        Signatures = signatures;
    }

    /// <summary>What is signed, with its last newline.</summary>
    public string Text { get; }

    public IReadOnlyList<NoteSignature> Signatures { get; }

    public static SignedNote Sign(string text, params IEnumerable<NoteSigner> signers)
    {
        RequireText(text);
        return new SignedNote(text, [.. signers.Select(signer => signer.Sign(text))]);
    }

    /// <summary>The note with more signatures under it, those of a witness for instance.</summary>
    public SignedNote With(params IEnumerable<NoteSignature> more) => new(Text, [.. Signatures, .. more]);

    /// <summary>The note with the signatures of these keys alone.</summary>
    internal SignedNote SignedBy(IReadOnlyCollection<NoteVerifier> keys) =>
        new(Text, [.. Signatures.Where(signature => keys.Any(key => key.Verify(Text, signature)))]);

    /// <exception cref="NoteException">Not a signed note.</exception>
    public static SignedNote Parse(ReadOnlySpan<byte> note)
    {
        if (note.Length > LongestNote)
            throw new NoteException($"The note is longer than {LongestNote} bytes.");
        try
        {
            return Parse(Strict.GetString(note));
        }
        catch (DecoderFallbackException)
        {
            throw new NoteException("The note is not valid UTF-8.");
        }
    }

    /// <inheritdoc cref="Parse(ReadOnlySpan{byte})"/>
    public static SignedNote Parse(string note)
    {
        if (note.Length > LongestNote)
            throw new NoteException($"The note is longer than {LongestNote} bytes.");
        var border = note.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (border < 0 || !note.EndsWith('\n') || border + 2 == note.Length)
            throw new NoteException("The note has no signatures under a blank line.");
        var text = note[..(border + 1)];
        RequireText(text);
        var lines = note[(border + 2)..^1].Split('\n');
        if (lines.Length > MostSignatures)
            throw new NoteException($"The note has more than {MostSignatures} signatures.");
        return new SignedNote(text, [.. lines.Select(NoteSignature.Parse)]);
    }

    /// <summary>Signature lines as a witness answers with them.</summary>
    /// <exception cref="NoteException">They aren't signature lines, or are too many.</exception>
    public static IReadOnlyList<NoteSignature> ParseSignatures(string lines)
    {
        if (lines.Length > LongestNote || !lines.EndsWith('\n')) throw new NoteException("These are no signature lines.");
        var all = lines[..^1].Split('\n');
        return all.Length <= MostSignatures ? [.. all.Select(NoteSignature.Parse)] : throw new NoteException($"There are more than {MostSignatures} signatures.");
    }

    /// <summary>Whether the key signed this note: at least one signature under its name and id, and none of those is wrong.</summary>
    public bool IsSignedBy(NoteVerifier key)
    {
        var its = Signatures.Where(signature => signature.Name == key.Name && signature.KeyId == key.KeyId).ToList();
        return its.Count > 0 && its.All(signature => key.Verify(Text, signature));
    }

    public override string ToString()
    {
        var note = new StringBuilder(Text).Append('\n');
        foreach (var signature in Signatures)
            note.Append(signature).Append('\n');
        return note.ToString();
    }

    private static void RequireText(string text)
    {
        if (text.Length < 2 || text[^1] != '\n')
            throw new NoteException("A note's text ends in a newline.");
        if (text.Any(character => character != '\n' && char.IsControl(character)) || text.Contains('\uFFFD'))
            throw new NoteException("A note's text holds no control characters but newlines.");
    }
}
