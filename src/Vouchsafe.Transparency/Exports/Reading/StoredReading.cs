using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Transparency.Entries;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Transparency.Exports.Reading;

/// <summary>Tiles and entries from where they are stored, as an export's lines would say them.</summary>
internal static class StoredReading
{
    public static LineReading Tile(in TileAddress address, ReadOnlySpan<byte> hashes)
    {
        var own = Digest.Cast(hashes).ToArray();
        return new LineReading
        {
            Kind = LineKind.Hashes, Marks = EntryMarks.Comma, Level = address.Level, Index = address.Index, Hashes = own, Hash = LineReader.RootOf(own),
        };
    }

    /// <param name="log">The log that the leaf must name; null: leaves of the roll-up log, which are no entries.</param>
    public static LineReading Entry(long index, ReadOnlySpan<byte> bytes, in OpenedEntry opened, LogId? log)
    {
        var reading = new LineReading { Kind = LineKind.Entry, Marks = EntryMarks.Comma, Index = index, Hash = TreeHash.Leaf(bytes) };
        if (bytes.IsEmpty)
            reading.Marks |= EntryMarks.Gone;
        else if (log is null)
            reading.Marks |= bytes.Length == RollUpLeaf.Size && bytes[0] == RollUpLeaf.Version ? EntryMarks.None : EntryMarks.Foreign;
        else if (!Leaf.TryParse(bytes, out var leaf) || leaf.Log != log)
            reading.Marks |= EntryMarks.Foreign;
        else
        {
            reading.Marks |= Marks(opened.Actor.State, EntryMarks.ActorErased, EntryMarks.ActorUnreadable)
                | Marks(opened.Fields.State, EntryMarks.FieldsErased, EntryMarks.FieldsUnreadable);
            (reading.Leaf, reading.Time, reading.PrunedBefore) = (leaf.Kind, leaf.UnixMicroseconds, leaf.PrunedBefore);
            (reading.Actor, reading.Subject, reading.FieldOwner) = (leaf.ActorTag, leaf.SubjectTag, leaf.FieldOwner);
        }
        return reading;
    }

    private static EntryMarks Marks(Disclosure state, EntryMarks erased, EntryMarks unreadable) => state switch
    {
        Disclosure.Erased => erased,
        Disclosure.Unreadable => unreadable,
        _ => EntryMarks.None,
    };
}
