using System.Runtime.InteropServices;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Transparency.Entries;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Transparency.Exports.Reading;

/// <summary>
/// Reads lines behind the header, each by itself: this is where nearly all the time goes, so several readers work at once, and each
/// hashes what it read together. Keeps nothing of a line.
/// </summary>
/// <param name="log">The log that each leaf must name.</param>
internal sealed class LineReader(LogId log)
{
    private readonly byte[] leafBytes = new byte[Leaf.Longest + 2];
    private readonly Digest[] tileHashes = new Digest[Tile.FullWidth];
    private readonly Sha256Batch batch = new();
    private readonly Sha256Batch nodes = new();
    private readonly List<Unhashed> unhashed = [];
    private FieldReader? groups;

    /// <summary>Reads a line and adds it. What needs hashing is only told once the reading is finished.</summary>
    /// <param name="line">Without its line end.</param>
    /// <param name="number">The line's, from 1.</param>
    public void Read(ReadOnlySpan<byte> line, long number, List<LineReading> readings)
    {
        var reading = new LineReading { Line = number };
        var comma = line.EndsWith((byte)',');
        var rest = comma ? line[..^1] : line;
        if (comma)
            reading.Marks = EntryMarks.Comma;
        if (line.SequenceEqual("]}"u8))
            reading.Kind = LineKind.End;
        else if (rest.StartsWith("{\"index\":"u8) ? !TryReadEntry(rest, ref reading, readings.Count) : !TryReadTile(rest, ref reading))
            reading = new LineReading { Line = number, Index = 1 };
        // Lines that say nothing are only counted: a file of them must not take more memory than one of entries.
        if (reading.Kind == LineKind.Malformed && CollectionsMarshal.AsSpan(readings) is [.., { Kind: LineKind.Malformed }] said)
            said[^1].Index++;
        else
            readings.Add(reading);
    }

    /// <summary>Hashes what was read, and holds the groups to their leaves.</summary>
    public void Finish(List<LineReading> readings)
    {
        batch.Run();
        foreach (ref var entry in CollectionsMarshal.AsSpan(unhashed))
        {
            entry.ActorRoot = AddRoot(entry.Actor);
            entry.FieldRoot = AddRoot(entry.Fields);
        }
        batch.Run();
        var said = CollectionsMarshal.AsSpan(readings);
        var digests = batch.Digests;
        foreach (ref readonly var entry in CollectionsMarshal.AsSpan(unhashed))
        {
            ref var reading = ref said[entry.Reading];
            reading.Hash = digests[entry.Leaf];
            if (entry.Actor.State == Disclosure.Disclosed && !(entry.Readable && digests[entry.ActorRoot] == entry.ActorCommitted))
                reading.Marks |= EntryMarks.ActorDiffers;
            if (entry.Fields.State == Disclosure.Disclosed && !(entry.Readable && digests[entry.FieldRoot] == entry.FieldsCommitted))
                reading.Marks |= EntryMarks.FieldsDiffer;
        }
        unhashed.Clear();
        batch.Clear();
    }

    /// <summary>The root over up to 256 subtrees of one height.</summary>
    public static Digest RootOf(ReadOnlySpan<Digest> hashes)
    {
        var builder = new RootBuilder();
        foreach (ref readonly var hash in hashes)
            builder.Append(0, hash);
        return builder.Head().Root;
    }

    private int AddRoot(ReadGroup group) =>
        group.State == Disclosure.Disclosed ? Commitment.AddRoot(batch, batch.Digests.Slice(group.First, group.Count)) : 0;

    private bool TryReadTile(ReadOnlySpan<byte> line, ref LineReading reading)
    {
        var scanner = new LineScanner(line);
        scanner.Expect("{\"level\":"u8);
        var level = scanner.Number();
        scanner.Expect(",\"tile\":"u8);
        reading.Index = scanner.Number();
        scanner.Expect(",\"hashes\":\""u8);
        var hashes = scanner.Base64Bytes(MemoryMarshal.AsBytes(tileHashes.AsSpan()));
        scanner.Expect("}"u8);
        if (!scanner.Done || level >= TileAddress.Levels || hashes.IsEmpty || hashes.Length % Digest.Size != 0 || hashes.Length > Tile.FullWidth * Digest.Size)
            return false;
        reading.Kind = LineKind.Hashes;
        reading.Level = (int)level;
        reading.Hashes = Digest.Cast(hashes).ToArray();
        reading.Hash = reading.Hashes.Length == Tile.FullWidth ? TreeHash.Perfect(reading.Hashes, nodes) : RootOf(reading.Hashes);
        return true;
    }

    private bool TryReadEntry(ReadOnlySpan<byte> line, ref LineReading reading, int at)
    {
        var scanner = new LineScanner(line);
        scanner.Expect("{\"index\":"u8);
        reading.Index = scanner.Number();
        scanner.Expect(",\"time\":\""u8);
        var time = scanner.Plain();
        scanner.Expect(",\"event\":\""u8);
        var name = scanner.Plain();
        scanner.Expect(",\"leaf\":\""u8);
        var bytes = scanner.Base64Bytes(leafBytes);
        scanner.Expect(",\"actor\":"u8);
        if (scanner.Failed)
            return false;
        var entry = new Unhashed { Reading = at, Leaf = batch.Add([0], bytes), Readable = Leaf.TryParse(bytes, out var leaf) };
        groups ??= new FieldReader(batch);
        entry.Actor = groups.Read(ref scanner);
        scanner.Expect(",\"fields\":"u8);
        var fields = scanner.Rest;
        entry.Fields = groups.Read(ref scanner);
        fields = fields[..^scanner.Rest.Length];
        scanner.Expect("}"u8);
        if (!scanner.Done)
            return false;
        reading.Kind = LineKind.Entry;
        reading.Marks |= bytes.IsEmpty ? EntryMarks.Gone : entry.Readable && leaf.Log == log ? EntryMarks.None : EntryMarks.Foreign;
        reading.Marks |= Marks(entry.Actor.State, EntryMarks.ActorErased, EntryMarks.ActorUnreadable) | Marks(entry.Fields.State, EntryMarks.FieldsErased, EntryMarks.FieldsUnreadable);
        if (entry.Readable)
        {
            (entry.ActorCommitted, entry.FieldsCommitted) = (leaf.ActorRoot, leaf.FieldRoot);
            (reading.Leaf, reading.Time, reading.PrunedBefore) = (leaf.Kind, leaf.UnixMicroseconds, leaf.PrunedBefore);
            (reading.Actor, reading.Subject, reading.FieldOwner) = (leaf.ActorTag, leaf.SubjectTag, leaf.FieldOwner);
            if (leaf.Kind == LeafKind.Prune && entry.Fields.State == Disclosure.Disclosed)
                reading.Pruning = PruneFieldsReader.Read(fields);
        }
        if (entry.Readable ? EntryTime.Parse(time) != leaf.UnixMicroseconds || !name.SequenceEqual(leaf.Event) : !time.IsEmpty || !name.IsEmpty)
            reading.Marks |= EntryMarks.LabelDiffers;
        unhashed.Add(entry);
        return true;
    }

    private static EntryMarks Marks(Disclosure state, EntryMarks erased, EntryMarks unreadable) => state switch
    {
        Disclosure.Erased => erased,
        Disclosure.Unreadable => unreadable,
        _ => EntryMarks.None,
    };

    /// <summary>An entry whose hashes are still to come: where they will be, and what they must be.</summary>
    private struct Unhashed
    {
        public int Reading;
        public int Leaf;
        public bool Readable;
        public ReadGroup Actor;
        public ReadGroup Fields;
        public int ActorRoot;
        public int FieldRoot;
        public Digest ActorCommitted;
        public Digest FieldsCommitted;
    }
}
