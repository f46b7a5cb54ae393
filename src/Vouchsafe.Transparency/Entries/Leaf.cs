using System.Buffers.Binary;
using System.Text;
using Vouchsafe.Cryptography.Hashing;

namespace Vouchsafe.Transparency.Entries;

/// <summary>What kind of entry a leaf is.</summary>
public enum LeafKind : byte
{
    /// <summary>Something that happened.</summary>
    Event = 0,

    /// <summary>The key of the person with the subject tag is destroyed: that person's values are erased by right.</summary>
    Erasure = 1,

    /// <summary>The entries before <see cref="Leaf.PrunedBefore"/> are no longer kept.</summary>
    Prune = 2,
}

/// <summary>
/// The bytes that the tree holds of an entry: docs/formats/audit-entry.md. No value stands in them, only commitments.
/// <code>version 1 ‖ kind 1 ‖ log 16 ‖ time 8 ‖ actor tag 16 ‖ subject tag 16 ‖ actor root 32 ‖ field root 32 ‖ length 1 ‖ event</code>
/// </summary>
public readonly ref struct Leaf
{
    public const byte Version = 1;
    public const int LongestEvent = 64;

    internal const int LogAt = 2;
    internal const int TimeAt = LogAt + LogId.Size;
    internal const int ActorTagAt = TimeAt + 8;
    internal const int SubjectTagAt = ActorTagAt + Tag.Size;
    internal const int ActorRootAt = SubjectTagAt + Tag.Size;
    internal const int FieldRootAt = ActorRootAt + Digest.Size;
    internal const int EventAt = FieldRootAt + Digest.Size;

    public const int Longest = EventAt + 1 + LongestEvent;

    /// <summary>9999-12-31T23:59:59.999999Z in microseconds.</summary>
    private static readonly long LastTime = (DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private readonly ReadOnlySpan<byte> bytes;

    private Leaf(ReadOnlySpan<byte> bytes) => this.bytes = bytes;

    public LeafKind Kind => (LeafKind)bytes[1];

    public LogId Log => new(new Guid(bytes.Slice(LogAt, LogId.Size), bigEndian: true));

    /// <summary>Microseconds since 1970-01-01T00:00:00Z.</summary>
    public long UnixMicroseconds => BinaryPrimitives.ReadInt64BigEndian(bytes[TimeAt..]);

    public DateTimeOffset Time => DateTimeOffset.UnixEpoch.AddTicks(UnixMicroseconds * TimeSpan.TicksPerMicrosecond);

    public Tag ActorTag => Tag.From(bytes[ActorTagAt..]);

    /// <summary>The person whose key seals the fields; of an erasure, the person who was erased.</summary>
    public Tag SubjectTag => Tag.From(bytes[SubjectTagAt..]);

    /// <summary>Of a prune record: how many of the log's first entries it took away; else 0.</summary>
    public long PrunedBefore => Kind == LeafKind.Prune ? BinaryPrimitives.ReadInt64BigEndian(bytes[(SubjectTagAt + 8)..]) : 0;

    /// <summary>The tag of the person whose key the fields are sealed under: of erasures and prune records the actor's own.</summary>
    public Tag FieldOwner => Kind == LeafKind.Event ? SubjectTag : ActorTag;

    public Digest ActorRoot => Digest.From(bytes.Slice(ActorRootAt, Digest.Size));

    public Digest FieldRoot => Digest.From(bytes.Slice(FieldRootAt, Digest.Size));

    /// <summary>The event's name in ASCII.</summary>
    public ReadOnlySpan<byte> Event => bytes[(EventAt + 1)..];

    public string EventName => Encoding.ASCII.GetString(Event);

    /// <summary>Reads a leaf; false where the bytes are not one, in its one encoding.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out Leaf leaf)
    {
        leaf = new Leaf(bytes);
        return bytes.Length is > EventAt + 1 and <= Longest
            && bytes[0] == Version
            && bytes[1] <= (byte)LeafKind.Prune
            && bytes[EventAt] == bytes.Length - EventAt - 1
            && EntryName.IsEvent(bytes[(EventAt + 1)..])
            && leaf.UnixMicroseconds >= 0 && leaf.UnixMicroseconds <= LastTime
            && (leaf.Kind != LeafKind.Prune
                || (BinaryPrimitives.ReadInt64BigEndian(bytes[SubjectTagAt..]) == 0 && leaf.PrunedBefore > 0 && leaf.PrunedBefore % Trees.Tile.FullWidth == 0));
    }
}
