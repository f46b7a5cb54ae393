using System.Globalization;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Transparency.Witnessing;

/// <summary>Cosigns checkpoints of logs that only ever grow (C2SP tlog-witness). Knows nothing of HTTP but its status codes.</summary>
public sealed class Witness
{
    private readonly ILookup<string, NoteVerifier> logs;
    private readonly IWitnessedHeads heads;
    private readonly NoteSigner signer;

    // Looking and keeping are one step: two requests at once must not both find the old head.
    private readonly Lock one = new();

    /// <param name="logs">The logs' keys; each is for the origin that is its name. A log may have several, while its key is handed over.</param>
    /// <param name="signer">Made by <see cref="NoteSigner.Witness"/>.</param>
    public Witness(IEnumerable<NoteVerifier> logs, IWitnessedHeads heads, NoteSigner signer)
    {
        this.logs = logs.ToLookup(log => log.Name, StringComparer.Ordinal);
        (this.heads, this.signer) = (heads, signer);
    }

    public NoteVerifier Verifier => signer.Verifier;

    /// <summary>The monitoring interface: the checkpoint that was cosigned last, with the log's signatures and this witness's.</summary>
    /// <param name="originHash">The SHA-256 of the log's origin, in lower-case hexadecimal.</param>
    /// <returns>Null where the log isn't known, or nothing of it was cosigned yet.</returns>
    public SignedNote? Latest(string originHash)
    {
        lock (one)
            return heads.FindByHash(originHash);
    }

    /// <summary>Answers an add-checkpoint request. Whatever isn't a step forward of a known log is refused, and nothing is kept of it.</summary>
    public WitnessAnswer Add(ReadOnlySpan<byte> body)
    {
        AddCheckpoint request;
        Checkpoint checkpoint;
        try
        {
            request = AddCheckpoint.Parse(body);
            checkpoint = Checkpoint.Read(request.Note.Text);
        }
        catch (NoteException malformed)
        {
            return new WitnessAnswer(400, malformed.Message + "\n");
        }
        if (!logs.Contains(checkpoint.Origin)) return new WitnessAnswer(404, "This witness doesn't know the log.\n");
        NoteVerifier[] trusted = [.. logs[checkpoint.Origin].Where(request.Note.IsSignedBy)];
        if (trusted.Length == 0) return new WitnessAnswer(403, "The checkpoint is not signed by the log's key.\n");
        if (request.OldSize > checkpoint.Head.Size) return new WitnessAnswer(400, "The old size is larger than the checkpoint's.\n");
        lock (one)
        {
            var seen = heads.Find(checkpoint.Origin) is { } note ? Checkpoint.Parse(note.Text).Head : TreeHead.Empty;
            if (request.OldSize != seen.Size)
                return new WitnessAnswer(409, string.Create(CultureInfo.InvariantCulture, $"{seen.Size}\n"), WitnessAnswer.SizeType);
            if (!Continues(seen, checkpoint.Head, request)) return new WitnessAnswer(422, "The checkpoint doesn't continue what was cosigned.\n");
            var cosignature = signer.Sign(request.Note.Text);
            // Others' signatures are not kept: what this witness serves, it has verified.
            heads.Keep(checkpoint.Origin, request.Note.SignedBy(trusted).With(cosignature));
            return new WitnessAnswer(200, cosignature + "\n");
        }
    }

    private static bool Continues(TreeHead seen, TreeHead next, AddCheckpoint request) =>
        next.Size == 0 ? next == TreeHead.Empty && request.Proof.Count == 0
        : seen.Size == 0 ? request.Proof.Count == 0
        : seen.Size == next.Size ? seen.Root == next.Root && request.Proof.Count == 0
        : Proof.VerifyConsistency(seen, next, request.Proof.ToArray());
}

/// <param name="Status">200, 400, 403, 404, 409 or 422.</param>
/// <param name="Body">Of 200: signature lines; of 409: the size that was cosigned last.</param>
public sealed record WitnessAnswer(int Status, string Body, string ContentType = "text/plain; charset=utf-8")
{
    public const string SizeType = "text/x.tlog.size";
}
