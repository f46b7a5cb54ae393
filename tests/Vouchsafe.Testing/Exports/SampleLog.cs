using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Cryptography.Signatures;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Entries;
using Vouchsafe.Transparency.Exports;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Testing.Exports;

/// <summary>A log in memory: the hashes of its entries, and the tree over them. Entries are made when they are asked for.</summary>
public sealed class SampleLog : ITileSource
{
    private readonly Dictionary<(int Level, long Index), ReadOnlyMemory<byte>> tiles = [];
    private readonly Func<long, SampleEntry> entry;
    private readonly Lazy<Task<byte[]>> whole;

    /// <param name="size">How many entries.</param>
    /// <param name="entry">The entry at an index, the same each time.</param>
    /// <param name="seed">The log's key.</param>
    public SampleLog(long size, Func<LogId, long, SampleEntry> entry, byte seed = 7)
    {
        this.entry = index => entry(Id, index);
        Signer = new NoteSigner(Id.Origin("trust.example/log"), new Ed25519SigningKey(Enumerable.Repeat(seed, 32).ToArray()));
        var edge = TreeEdge.Empty;
        var batch = new Digest[4096];
        for (var at = 0L; at < size; at += batch.Length)
        {
            var count = (int)Math.Min(batch.Length, size - at);
            Parallel.For(0, count, n => batch[n] = this.entry(at + n).Hash);
            (edge, var changed) = edge.Append(batch.AsSpan(0, count));
            foreach (var tile in changed)
                tiles[(tile.Level, tile.Index)] = tile.Bytes;
        }
        Head = edge.Head;
        whole = new(() => ExportAsync());
    }

    public static LogId Id { get; } = new(Guid.Parse("6a5b4c3d-2e1f-4a0b-9c8d-7e6f5a4b3c2d"));

    public NoteSigner Signer { get; }

    public NoteVerifier Key => Signer.Verifier;

    public TreeHead Head { get; }

    /// <summary>The checkpoint that the log signed when it had that many entries.</summary>
    public async Task<SignedNote> CheckpointAsync(long size) =>
        new Checkpoint(Key.Name, new TreeHead(size, await new ProofBuilder(this, size).RootAsync(default))).Sign(Signer);

    public async Task<ExportHeader> HeaderAsync(long pruned = 0, long? since = null)
    {
        var edge = new List<ReadOnlyMemory<byte>>();
        foreach (var address in TreeEdge.Addresses(Head.Size))
        {
            while (edge.Count < address.Level)
                edge.Add(default);
            edge.Add(tiles[(address.Level, address.Index)]);
        }
        var proofs = new ProofBuilder(this, Head.Size);
        return new ExportHeader(Key.ToString(), new Checkpoint(Key.Name, Head).Sign(Signer).ToString())
        {
            Pruned = pruned,
            Frozen = await proofs.FrozenAsync(pruned, default),
            Edge = edge,
            Consistency = since is { } size ? new ExportConsistency(size, await proofs.ConsistencyAsync(size, default)) : null,
        };
    }

    /// <summary>Writes the export, and says when 256 entries more are written.</summary>
    public void Write(ExportHeader header, IBufferWriter<byte> output, Action? onTile = null)
    {
        var writer = new ExportWriter(output);
        writer.Begin(header);
        var batch = new SampleEntry[Tile.FullWidth];
        for (var first = header.Pruned; first < Head.Size; first += Tile.FullWidth)
        {
            foreach (var address in ExportOrder.TilesBefore(first, header.Pruned, Head.Size))
                writer.BeginTile(address.Level, tiles[(address.Level, address.Index)].Span);
            var (from, count) = (first, (int)Math.Min(Tile.FullWidth, Head.Size - first));
            Parallel.For(0, count, n => batch[n] = entry(from + n));
            foreach (var one in batch.AsSpan(0, count))
                writer.Add(one.Leaf, one.Opened);
            onTile?.Invoke();
        }
        writer.Complete();
    }

    public async Task<byte[]> ExportAsync(long pruned = 0, long? since = null)
    {
        var output = new ArrayBufferWriter<byte>();
        Write(await HeaderAsync(pruned, since), output);
        return output.WrittenSpan.ToArray();
    }

    public async Task<ExportText> ExportTextAsync(long pruned = 0) => new(Encoding.UTF8.GetString(pruned == 0 ? await whole.Value : await ExportAsync(pruned)));

    public ValueTask<ReadOnlyMemory<byte>?> ReadAsync(TileAddress address, CancellationToken cancellationToken) =>
        ValueTask.FromResult(tiles.TryGetValue((address.Level, address.Index), out var tile) ? tile : (ReadOnlyMemory<byte>?)null);
}
