using System.Globalization;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Transparency.Witnessing;

/// <summary>Cosigns checkpoints of logs that only ever grow (C2SP tlog-witness). Knows nothing of HTTP but its status codes.</summary>
public sealed class Witness
{
    private readonly Dictionary<string, NoteVerifier> logs;
    private readonly IWitnessedHeads heads;
    private readonly NoteSigner signer;

    // Looking and keeping are one step: two requests at once must not both find the old head.
    private readonly Lock one = new();

    /// <param name="logs">The logs' keys; each is for the origin that is its name.</param>
    /// <param name="signer">Made by <see cref="NoteSigner.Witness"/>.</param>
    public Witness(IEnumerable<NoteVerifier> logs, IWitnessedHeads heads, NoteSigner signer)
    {
        this.logs = logs.ToDictionary(log => log.Name, StringComparer.Ordinal);
        (this.heads, this.signer) = (heads, signer);
    }

    public NoteVerifier Verifier => signer.Verifier;

    /// <summary>Answers an add-checkpoint request. Whatever isn't a step forward of a known log is refused, and nothing is kept of it.</summary>
    public WitnessAnswer Add(ReadOnlySpan<byte> body)
    {
        AddCheckpoint request;
        Checkpoint checkpoint;
        try
        {
            request = AddCheckpoint.Parse(body);
            checkpoint = Checkpoint.Parse(request.Note.Text);
        }
        catch (NoteException malformed)
        {
            return new WitnessAnswer(400, malformed.Message + "\n");
        }
        if (!logs.TryGetValue(checkpoint.Origin, out var log)) return new WitnessAnswer(404, "This witness doesn't know the log.\n");
        if (!request.Note.IsSignedBy(log)) return new WitnessAnswer(403, "The checkpoint is not signed by the log's key.\n");
        if (request.OldSize > checkpoint.Head.Size) return new WitnessAnswer(400, "The old size is larger than the checkpoint's.\n");
        lock (one)
        {
            var seen = heads.Find(checkpoint.Origin);
            if (request.OldSize != (seen?.Size ?? 0))
                return new WitnessAnswer(409, string.Create(CultureInfo.InvariantCulture, $"{seen?.Size ?? 0}\n"), WitnessAnswer.SizeType);
            if (seen is { } same && same.Size == checkpoint.Head.Size && same.Root != checkpoint.Head.Root)
                return new WitnessAnswer(409, string.Create(CultureInfo.InvariantCulture, $"{same.Size}\n"), WitnessAnswer.SizeType);
            if (!Continues(seen, checkpoint.Head, request)) return new WitnessAnswer(422, "The proof doesn't lead from what was cosigned to the checkpoint.\n");
            heads.Keep(checkpoint.Origin, checkpoint.Head);
            return new WitnessAnswer(200, signer.Sign(request.Note.Text) + "\n");
        }
    }

    private static bool Continues(TreeHead? seen, TreeHead next, AddCheckpoint request) =>
        seen is { Size: > 0 } from ? Proof.VerifyConsistency(from, next, request.Proof.ToArray()) : request.Proof.Count == 0;
}

/// <param name="Status">200, 400, 403, 404, 409 or 422.</param>
/// <param name="Body">Of 200: signature lines; of 409: the size that was cosigned last.</param>
public sealed record WitnessAnswer(int Status, string Body, string ContentType = "text/plain; charset=utf-8")
{
    public const string SizeType = "text/x.tlog.size";
}
