using System.Collections.Concurrent;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Cryptography.Signatures;
using Vouchsafe.Transparency.Checkpoints;

namespace Vouchsafe.Audit.Logs;

/// <summary>A signing key of the cell that isn't a log's and is handed over together with the logs' keys (decision 0015).</summary>
public sealed class RotatingKey
{
    private readonly CheckpointKeys _generations;
    private readonly KeyRing _keys;
    private readonly string _purpose, _name;
    private readonly ConcurrentDictionary<int, Ed25519SigningKey> _known = new();

    internal RotatingKey(CheckpointKeys generations, KeyRing keys, string purpose, string name) =>
        (_generations, _keys, _purpose, _name) = (generations, keys, purpose, name);

    /// <summary>
    /// The keys that sign now, newest first (one, or two while it is handed over), and the hand-overs that lead from the first key to the newest of them. Both are of one
    /// moment: a document signed by a key carries what leads there.
    /// </summary>
    /// <exception cref="KeyStoreException">Which keys there are can't be known; nothing may be signed.</exception>
    public async ValueTask<(IReadOnlyList<Ed25519SigningKey> Signing, IReadOnlyList<SignedNote> Handovers)> ReadAsync(CancellationToken cancellationToken)
    {
        await _generations.ReadyAsync(cancellationToken);
        var signing = _generations.Signing;
        return ([.. signing.Reverse().Select(generation => Of(generation.Number))],
            _generations.Handovers(signing[^1].Number, generation => new NoteSigner(_name, Of(generation))));
    }

    private Ed25519SigningKey Of(int generation) =>
        _known.GetOrAdd(generation, number => new Ed25519SigningKey(_keys.Derive(CheckpointKeys.Purpose(_purpose, number)).Bytes));
}

/// <summary>Makes keys that are handed over with those of the logs.</summary>
public sealed class RotatingKeys
{
    private readonly CheckpointKeys _generations;
    private readonly KeyRing _keys;

    internal RotatingKeys(CheckpointKeys generations, KeyRing keys) => (_generations, _keys) = (generations, keys);

    /// <param name="purpose">What the key is derived for; the first generation's is derived for exactly this.</param>
    /// <param name="name">The signer's name in its hand-overs.</param>
    public RotatingKey Of(string purpose, string name) => new(_generations, _keys, purpose, name);
}
