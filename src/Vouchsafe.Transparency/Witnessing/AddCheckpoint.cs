using System.Globalization;
using System.Text;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Transparency.Checkpoints;

namespace Vouchsafe.Transparency.Witnessing;

/// <summary>What a log sends a witness (C2SP tlog-witness, "add-checkpoint"): the size that the witness saw last, the proof from there, the new checkpoint.</summary>
/// <param name="OldSize">How large the log was when the witness cosigned it last; 0: never.</param>
/// <param name="Proof">The consistency proof (RFC 6962, section 2.1.2) from there; empty from 0.</param>
/// <param name="Note">The checkpoint, signed by the log.</param>
public sealed record AddCheckpoint(long OldSize, IReadOnlyList<Digest> Proof, SignedNote Note)
{
    /// <summary>The most lines that a proof may have.</summary>
    public const int MostProofLines = 63;

    /// <summary>A longer body is refused unread.</summary>
    public const int LongestBody = SignedNote.LongestNote + ((MostProofLines + 2) * 64);

    private const string Old = "old ";

    /// <exception cref="NoteException">It isn't of the form.</exception>
    public static AddCheckpoint Parse(ReadOnlySpan<byte> body)
    {
        if (body.Length > LongestBody) throw new NoteException($"The request is longer than {LongestBody} bytes.");
        var end = body.IndexOf("\n\n"u8);
        if (end < 0) throw new NoteException("No empty line stands between the proof and the checkpoint.");
        if (body[..end].ContainsAnyExceptInRange((byte)'\n', (byte)'z')) throw new NoteException("The size and the proof are not in ASCII.");
        var lines = Encoding.ASCII.GetString(body[..end]).Split('\n');
        if (!lines[0].StartsWith(Old, StringComparison.Ordinal)
            || !long.TryParse(lines[0].AsSpan(Old.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            || lines[0] != Old + size.ToString(CultureInfo.InvariantCulture))
            throw new NoteException("The first line is not of the form: old SIZE.");
        if (lines.Length - 1 > MostProofLines) throw new NoteException($"The proof has more than {MostProofLines} lines.");
        var proof = lines[1..].Select(line => CanonicalBase64.TryDecode(line, Digest.Size) is { Length: Digest.Size } hash
            ? Digest.From(hash) : throw new NoteException("A line of the proof is not a hash in base64."));
        return new AddCheckpoint(size, [.. proof], SignedNote.Parse(body[(end + 2)..]));
    }

    public override string ToString()
    {
        var text = new StringBuilder(Old).Append(OldSize.ToString(CultureInfo.InvariantCulture)).Append('\n');
        foreach (var hash in Proof) text.Append(Convert.ToBase64String(hash.Bytes)).Append('\n');
        return text.Append('\n').Append(Note).ToString();
    }
}
