using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Transparency.Entries;

namespace Vouchsafe.Transparency.Exports.Reading;

internal enum LineKind : byte
{
    Malformed,
    Hashes,
    Entry,
    End,
}

/// <summary>What a line of an entry shows by itself, before it is held to the tree.</summary>
[Flags]
internal enum EntryMarks : ushort
{
    None = 0,

    /// <summary>The leaf is empty: its row was gone when the export was made.</summary>
    Gone = 1,

    /// <summary>The leaf does not read as one, or names another log.</summary>
    Foreign = 2,

    /// <summary>Time or event are not the leaf's.</summary>
    LabelDiffers = 4,

    /// <summary>Actor or address are not those that the leaf commits to.</summary>
    ActorDiffers = 8,
    FieldsDiffer = 16,
    ActorErased = 32,
    FieldsErased = 64,
    ActorUnreadable = 128,
    FieldsUnreadable = 256,

    /// <summary>A comma stands behind the line.</summary>
    Comma = 512,
}

/// <summary>What a line says, small enough to be kept while its neighbours come.</summary>
internal struct LineReading
{
    public LineKind Kind;
    public LeafKind Leaf;
    public EntryMarks Marks;

    /// <summary>Of a tile.</summary>
    public int Level;

    /// <summary>The line's number in the file, from 1.</summary>
    public long Line;

    /// <summary>The index that the line claims; of a tile its own index; of malformed lines, how many stand in a row.</summary>
    public long Index;

    /// <summary>Microseconds since 1970; 0 where the leaf does not read.</summary>
    public long Time;

    /// <summary>Of a prune record.</summary>
    public long PrunedBefore;

    /// <summary>Of a prune record whose fields are disclosed, in an export.</summary>
    public PruneEvidence? Pruning;

    /// <summary>The leaf's hash; of a tile the root over its hashes.</summary>
    public Digest Hash;

    /// <summary>Of an erasure the person erased.</summary>
    public Tag Subject;
    public Tag Actor;
    public Tag FieldOwner;

    /// <summary>Of a tile.</summary>
    public Digest[]? Hashes;

    public readonly bool Has(EntryMarks marks) => (Marks & marks) != 0;
}
