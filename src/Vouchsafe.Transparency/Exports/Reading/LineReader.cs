using System.Runtime.InteropServices;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Transparency.Entries;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Transparency.Exports.Reading;

/// <summary>Reads lines behind the header, each by itself: this is where nearly all the time goes, so several do it at once. Keeps nothing of a line.</summary>
/// <param name="log">The log that each leaf must name.</param>
internal sealed class LineReader(LogId log)
{
    private readonly byte[] leafBytes = new byte[Leaf.Longest + 2];
    private readonly Digest[] tileHashes = new Digest[Tile.FullWidth];
    private readonly FieldReader groups = new();

    /// <param name="line">Without its line end.</param>
    public void Read(ReadOnlySpan<byte> line, out LineReading reading)
    {
        reading = default;
        if (line.SequenceEqual("]}"u8))
        {
            reading.Kind = LineKind.End;
            return;
        }
        if (line.EndsWith((byte)','))
        {
            reading.Marks = EntryMarks.Comma;
            line = line[..^1];
        }
        if (line.StartsWith("{\"index\":"u8) ? !TryReadEntry(line, ref reading) : !TryReadTile(line, ref reading))
        {
            reading = new LineReading { Marks = reading.Marks & EntryMarks.Comma, Index = 1 };
        }
    }

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
        reading.Hash = RootOf(reading.Hashes);
        return true;
    }

    /// <summary>The root over up to 256 subtrees of one height.</summary>
    public static Digest RootOf(ReadOnlySpan<Digest> hashes)
    {
        if (hashes.Length == Tile.FullWidth)
            return TreeHash.Perfect(hashes);
        var builder = new RootBuilder();
        foreach (ref readonly var hash in hashes)
            builder.Append(0, hash);
        return builder.Head().Root;
    }

    private bool TryReadEntry(ReadOnlySpan<byte> line, ref LineReading reading)
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
        reading.Kind = LineKind.Entry;
        reading.Hash = TreeHash.Leaf(bytes);
        var readable = Leaf.TryParse(bytes, out var leaf);
        var actor = groups.Read(ref scanner, out var actorRoot);
        scanner.Expect(",\"fields\":"u8);
        var fields = groups.Read(ref scanner, out var fieldRoot);
        scanner.Expect("}"u8);
        if (!scanner.Done)
            return false;
        reading.Marks |= bytes.IsEmpty ? EntryMarks.Gone : readable && leaf.Log == log ? EntryMarks.None : EntryMarks.Foreign;
        reading.Marks |= Marks(actor, readable && actorRoot == leaf.ActorRoot, EntryMarks.ActorErased, EntryMarks.ActorUnreadable, EntryMarks.ActorDiffers);
        reading.Marks |= Marks(fields, readable && fieldRoot == leaf.FieldRoot, EntryMarks.FieldsErased, EntryMarks.FieldsUnreadable, EntryMarks.FieldsDiffer);
        if (!readable)
        {
            reading.Marks |= time.IsEmpty && name.IsEmpty ? EntryMarks.None : EntryMarks.LabelDiffers;
            return true;
        }
        if (EntryTime.Parse(time) != leaf.UnixMicroseconds || !name.SequenceEqual(leaf.Event))
            reading.Marks |= EntryMarks.LabelDiffers;
        (reading.Leaf, reading.Time, reading.PrunedBefore) = (leaf.Kind, leaf.UnixMicroseconds, leaf.PrunedBefore);
        (reading.Actor, reading.Subject, reading.FieldOwner) = (leaf.ActorTag, leaf.SubjectTag, leaf.FieldOwner);
        return true;
    }

    private static EntryMarks Marks(Disclosure state, bool fits, EntryMarks erased, EntryMarks unreadable, EntryMarks differs) => state switch
    {
        Disclosure.Erased => erased,
        Disclosure.Unreadable => unreadable,
        _ => fits ? EntryMarks.None : differs,
    };
}
