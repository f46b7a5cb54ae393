using System.Globalization;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Transparency.Checkpoints;

/// <summary>
/// A log's statement of its head (C2SP tlog-checkpoint): the text of a signed note.
/// <code>origin
/// size
/// base64(root)
/// extension lines, if any</code>
/// </summary>
public sealed record Checkpoint(string Origin, TreeHead Head)
{
    private const int MostLines = 16;

    /// <summary>Lines after the root; none of them empty.</summary>
    public IReadOnlyList<string> Extensions { get; init; } = [];

    public string ToText()
    {
        if (Origin.Length == 0 || Origin.Contains('\n') || Extensions.Any(line => line.Length == 0 || line.Contains('\n')))
            throw new NoteException("A checkpoint's lines are not empty and hold no newline.");
        var lines = string.Concat(Extensions.Select(line => line + "\n"));
        return string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Head.Size}\n{Convert.ToBase64String(Head.Root.Bytes)}\n{lines}");
    }

    /// <summary>Signs the checkpoint. Only for a head that is stored: a log that signs first may sign two.</summary>
    public SignedNote Sign(params IEnumerable<NoteSigner> signers) => SignedNote.Sign(ToText(), signers);

    /// <exception cref="NoteException">Not a checkpoint.</exception>
    public static Checkpoint Parse(string text)
    {
        var checkpoint = Read(text);
        return checkpoint.Head.Size > 0 || checkpoint.Head == TreeHead.Empty
            ? checkpoint
            : throw new NoteException("The checkpoint names a root that a tree without leaves doesn't have.");
    }

    /// <summary>As <see cref="Parse"/>, but takes any root for a tree without leaves: a witness has an answer of its own for that.</summary>
    internal static Checkpoint Read(string text)
    {
        var lines = text.Split('\n');
        if (lines.Length < 4 || lines[^1].Length > 0 || lines.Length > MostLines || lines[..^1].Any(line => line.Length == 0))
            throw new NoteException("A checkpoint has an origin, a size and a root, each in its line, and no empty line.");
        if (!long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            || size.ToString(CultureInfo.InvariantCulture) != lines[1])
            throw new NoteException("The checkpoint's size is no decimal number without leading zeros.");
        if (CanonicalBase64.TryDecode(lines[2], Digest.Size) is not { Length: Digest.Size } root)
            throw new NoteException("The checkpoint's root is not 32 bytes in base64.");
        return new Checkpoint(lines[0], new TreeHead(size, Digest.From(root))) { Extensions = lines[3..^1] };
    }

    /// <summary>Reads a signed note, demands the key's signature and the origin that the key is for, and reads the checkpoint.</summary>
    /// <exception cref="NoteException">Malformed, not signed by the key, or of another log.</exception>
    public static Checkpoint Open(SignedNote note, NoteVerifier key, string? origin = null)
    {
        if (!note.IsSignedBy(key))
            throw new NoteException("The checkpoint is not signed by the key.");
        var checkpoint = Parse(note.Text);
        if (checkpoint.Origin != (origin ?? key.Name))
            throw new NoteException("The checkpoint is of another log.");
        return checkpoint;
    }
}
