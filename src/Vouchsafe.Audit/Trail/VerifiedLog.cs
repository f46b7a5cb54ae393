using Vouchsafe.Audit.Checks;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Entries;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Audit.Trail;

/// <summary>
/// A log under one head, read by somebody who believes no row: each entry that is handed out hashes to a leaf of the tree under that head, and
/// its values are those that the leaf commits to.
/// </summary>
/// <remarks>Not thread-safe. Holds a session until it is disposed.</remarks>
public sealed class VerifiedLog : IAsyncDisposable
{
    private const int Width = Tile.FullWidth;

    private readonly TenantSession _session;
    private readonly LogHead _head;
    private readonly EntryOpener _opener;
    private readonly CheckpointSigner _signer;
    private readonly ReadTiles _tiles;
    private readonly ProofBuilder _proofs;

    private VerifiedLog(TenantSession session, LogHead head, EntryOpener opener, CheckpointSigner signer)
    {
        (_session, _head, _opener, _signer) = (session, head, opener, signer);
        _tiles = new ReadTiles(new TenantTiles(session));
        _proofs = new ProofBuilder(_tiles, head.Size);
    }

    /// <summary>The head that everything read here is in.</summary>
    public TreeHead Head => _head.Tree;

    /// <summary>Entries before this index were pruned.</summary>
    public long PrunedTo => _head.PrunedTo;

    /// <summary>Why nothing in the log counts: it is shorter than it was, or begins otherwise than it did. Null where it continues what was known.</summary>
    public string? Fault { get; private set; }

    /// <summary>The key that verifies the log's checkpoints.</summary>
    public NoteVerifier Verifier => _signer.Verifier(_head.LogId);

    /// <summary>The signed head.</summary>
    public SignedNote Checkpoint => _signer.Sign(_head);

    /// <summary>Opens a log as the session's tenant has it now.</summary>
    /// <param name="known">A head that was seen before; null: none.</param>
    /// <returns>Null while it has no entries.</returns>
    internal static async Task<VerifiedLog?> OpenAsync(
        TenantSession session, TreeHead? known, HeadMemory memory, EntryOpener opener, CheckpointSigner signer, CancellationToken cancellationToken)
    {
        if (await TenantLog.HeadAsync(session, cancellationToken) is not { } head) return null;
        var remembered = memory.Find(head.LogId);
        // A check on this node may have verified a newer head between the two looks.
        if (remembered?.Size > head.Size) head = await TenantLog.HeadAsync(session, cancellationToken) ?? head;
        var log = new VerifiedLog(session, head, opener, signer);
        log.Fault = known is { } before ? await log.FindBreakAsync(before, cancellationToken) : null;
        if (log.Fault is null && remembered is not null)
            log.Fault = await log.FindBreakAsync(new TreeHead(remembered.Size, remembered.Root), cancellationToken);
        return log;
    }

    /// <summary>
    /// The entries [from, to), in order. The range lies within one block of 256 (from ≥ to − 256, both in the same block) and within the head.
    /// </summary>
    /// <remarks>An entry that isn't there, isn't the one that the tree holds or can't be opened comes with its <see cref="VerifiedEntry.Fault"/>.</remarks>
    public async Task<IReadOnlyList<VerifiedEntry>> ReadAsync(long from, long to, CancellationToken cancellationToken)
    {
        if (from < 0 || to <= from || to > _head.Size || from / Width != (to - 1) / Width)
            throw new ArgumentOutOfRangeException(nameof(from), from, $"Entries {from} to {to} don't lie in one block of a log of {_head.Size}.");
        var bundle = from / Width;
        var first = bundle * Width;
        IReadOnlyList<StoredEntry> stored;
        ReadOnlyMemory<byte> hashes;
        try
        {
            var ids = await TenantLog.IdsAsync(_session, bundle, cancellationToken);
            if (ids.Count < to - first) return Unreadable(from, to, "can't be found");
            stored = await TenantLog.EntriesAsync(_session, from, ids[(int)(from - first)..(int)(to - first)], cancellationToken);
            var width = (int)Math.Min(Width, _head.Size - first);
            if (await _tiles.ReadAsync(new TileAddress(0, bundle, width), cancellationToken) is not { } tile || tile.Length < width * Digest.Size)
                return Unreadable(from, to, "has no hash in the tree");
            hashes = tile;
            // One path binds the whole block: each other leaf of it is in one of the path's hashes, which are computed from the same tile.
            var path = await _proofs.InclusionAsync(from, cancellationToken);
            if (!Proof.VerifyInclusion(from, Digest.Cast(tile.Span)[(int)(from - first)], Head, path))
                return Unreadable(from, to, "isn't in the tree under the log's head");
        }
        catch (TreeException)
        {
            return Unreadable(from, to, "isn't in the tree under the log's head");
        }

        return [.. stored.Select(entry => Verify(entry, Digest.Cast(hashes.Span)[(int)(entry.Index - first)]))];
    }

    /// <summary>The path from an entry to the head's root.</summary>
    /// <exception cref="TreeException">The tree lacks what it takes.</exception>
    public async Task<IReadOnlyList<Digest>> InclusionAsync(long index, CancellationToken cancellationToken) => await _proofs.InclusionAsync(index, cancellationToken);

    public ValueTask DisposeAsync() => _session.DisposeAsync();

    private VerifiedEntry Verify(StoredEntry stored, in Digest expected)
    {
        if (stored.Leaf is null || stored.Sealed is null) return VerifiedEntry.Broken(stored.Index, stored.Id, "was removed");
        if (TreeHash.Leaf(stored.Leaf) != expected) return VerifiedEntry.Broken(stored.Index, stored.Id, "was edited");
        if (!Leaf.TryParse(stored.Leaf, out var leaf)) return VerifiedEntry.Broken(stored.Index, stored.Id, "is no entry");
        var opened = _opener.Open(_session.Scope.Tenant.Value, stored.Leaf, stored.Sealed);
        var readable = opened.Actor.State == Disclosure.Disclosed && opened.Fields.State == Disclosure.Disclosed;
        return new VerifiedEntry(stored.Index, stored.Id, stored.Leaf, leaf.Time, leaf.EventName, opened.Actor.Fields, opened.Fields.Fields, readable ? null : "can't be read");
    }

    private async Task<string?> FindBreakAsync(TreeHead before, CancellationToken cancellationToken)
    {
        if (_head.Size < before.Size) return $"it had {before.Size} entries and has {_head.Size}";
        if (before.Size == 0 || before == Head) return null;
        try
        {
            return await new ProofBuilder(_tiles, before.Size).RootAsync(cancellationToken) == before.Root ? null
                : $"its first {before.Size} entries aren't those that it had before";
        }
        catch (TreeException)
        {
            return "hashes of its tree are gone";
        }
    }

    private static IReadOnlyList<VerifiedEntry> Unreadable(long from, long to, string why) =>
        [.. Enumerable.Range(0, (int)(to - from)).Select(n => VerifiedEntry.Broken(from + n, Guid.Empty, why))];

    /// <summary>Each tile is read once, so that what is compared and what is proven are the same bytes.</summary>
    private sealed class ReadTiles(ITileSource tiles) : ITileSource
    {
        private readonly Dictionary<(int Level, long Index), ReadOnlyMemory<byte>> _read = [];

        public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(TileAddress address, CancellationToken cancellationToken)
        {
            if (_read.TryGetValue((address.Level, address.Index), out var known)) return known;
            if (await tiles.ReadAsync(address, cancellationToken) is not { } tile) return null;
            _read[(address.Level, address.Index)] = tile;
            return tile;
        }
    }
}

/// <summary>An entry of a log that was verified, or why it couldn't be.</summary>
/// <param name="Index">Its place in the log, from 0.</param>
/// <param name="Id">Its id; the empty one where that is unknown.</param>
/// <param name="Leaf">The bytes that the tree holds.</param>
/// <param name="At">When it was recorded, by the clock of the node that recorded it.</param>
/// <param name="Event">What happened.</param>
/// <param name="Actor">Who and from where.</param>
/// <param name="Fields">The details, each as the leaf commits to it.</param>
/// <param name="Fault">What is wrong with it ("was edited"); null where it holds.</param>
public sealed record VerifiedEntry(
    long Index, Guid Id, ReadOnlyMemory<byte> Leaf, DateTimeOffset At, string Event,
    IReadOnlyList<DisclosedField> Actor, IReadOnlyList<DisclosedField> Fields, string? Fault)
{
    /// <summary>The value of a field; null where the entry has none of that name.</summary>
    public string? this[string field]
    {
        get
        {
            foreach (var each in Fields)
                if (each.Name == field)
                    return each.Value;
            return null;
        }
    }

    internal static VerifiedEntry Broken(long index, Guid id, string fault) => new(index, id, default, default, "", [], [], fault);
}
