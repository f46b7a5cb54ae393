using System.Collections.Concurrent;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Cryptography.Signatures;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Entries;

namespace Vouchsafe.Audit.Logs;

/// <summary>Signs heads. It takes them as the database holds them and makes up none: what was signed once stays true.</summary>
internal sealed class CheckpointSigner(KeyRing keys, CheckpointKeys generations, AuditOptions options)
{
    private const int MostKept = 1024;

    private readonly ConcurrentDictionary<(Guid, int), NoteSigner> _signers = new();

    public string Origin(Guid log) => new LogId(log).Origin(options.OriginPrefix);

    /// <summary>Comes before all that is signed: makes sure that this node knows the keys there are.</summary>
    public ValueTask ReadyAsync(CancellationToken cancellationToken) => generations.ReadyAsync(cancellationToken);

    /// <summary>The key that verifies the log's checkpoints: the newest one.</summary>
    public NoteVerifier Verifier(Guid log) => Signer(log, generations.Signing[^1].Number).Verifier;

    /// <summary>Every key that ever signed the log's checkpoints, oldest first.</summary>
    public IReadOnlyList<NoteVerifier> Verifiers(Guid log) =>
        [.. generations.All.TakeWhile(generation => generation.Number <= generations.Signing[^1].Number).Select(generation => Signer(log, generation.Number).Verifier)];

    /// <summary>Signs with the newest key, and while it is handed over, with the one before too.</summary>
    public SignedNote Sign(LogHead head) =>
        new Checkpoint(Origin(head.LogId), head.Tree).Sign(generations.Signing.Select(generation => Signer(head.LogId, generation.Number)));

    /// <summary>Signs a text with the newest keys of these logs.</summary>
    public SignedNote Sign(string text, params IEnumerable<Guid> logs) => SignedNote.Sign(text, logs.Select(log => Signer(log, generations.Signing[^1].Number)));

    /// <summary>The hand-overs that lead from the log's first key to the newest, oldest first.</summary>
    public IReadOnlyList<SignedNote> Handovers(Guid log) => generations.Handovers(generations.Signing[^1].Number, generation => Signer(log, generation));

    /// <summary>Since when the newest key signs; null where it is the first.</summary>
    public DateTimeOffset? Since => generations.Signing[^1] is { Number: > 1 } newest ? newest.SignsFrom : null;

    private NoteSigner Signer(Guid log, int generation)
    {
        if (_signers.TryGetValue((log, generation), out var signer))
            return signer;
        if (_signers.Count >= MostKept)
            _signers.Clear();
        return _signers[(log, generation)] = new NoteSigner(Origin(log), new Ed25519SigningKey(keys.Derive(CheckpointKeys.Purpose($"checkpoint/{log:N}", generation)).Bytes));
    }
}
