using System.Collections.Concurrent;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Cryptography.Signatures;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Entries;

namespace Vouchsafe.Audit.Logs;

/// <summary>Signs heads. It takes them as the database holds them and makes up none: what was signed once stays true.</summary>
internal sealed class CheckpointSigner(KeyRing keys, AuditOptions options)
{
    private const int MostKept = 1024;

    private readonly ConcurrentDictionary<Guid, NoteSigner> _signers = new();

    public string Origin(Guid log) => new LogId(log).Origin(options.OriginPrefix);

    /// <summary>The key that verifies the log's checkpoints.</summary>
    public NoteVerifier Verifier(Guid log) => Signer(log).Verifier;

    public SignedNote Sign(LogHead head) =>
        new Checkpoint(Origin(head.LogId), head.Tree).Sign(Signer(head.LogId));

    internal NoteSigner Signer(Guid log)
    {
        if (_signers.TryGetValue(log, out var signer))
            return signer;
        if (_signers.Count >= MostKept)
            _signers.Clear();
        return _signers[log] = new NoteSigner(Origin(log), new Ed25519SigningKey(keys.Derive($"checkpoint/{log:N}").Bytes));
    }
}
