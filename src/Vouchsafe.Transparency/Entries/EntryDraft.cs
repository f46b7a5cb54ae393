using Vouchsafe.Cryptography.Hashing;

namespace Vouchsafe.Transparency.Entries;

/// <summary>Who acts: a person with a key of its own, or a part of the system, whose values the tenant's key seals.</summary>
/// <param name="Description">What the entry discloses of the actor: <c>user:〈id〉</c>, <c>system:sequencer</c>.</param>
/// <param name="Id">The person's id; null for the system.</param>
public readonly record struct EntryActor(string Description, Guid? Id)
{
    public static EntryActor Person(string kind, Guid id) => new($"{kind}:{id:D}", id);

    public static EntryActor System(string name) => new("system:" + name, null);
}

/// <summary>A detail: a name (ASCII letters, digits, <c>. _ -</c>) and a value.</summary>
public readonly record struct EntryField(string Name, string Value);

/// <summary>An entry as it is to be recorded.</summary>
/// <param name="Log">The tenant's log.</param>
/// <param name="Tenant">The tenant, whose keys seal.</param>
/// <param name="Time">When; kept to the microsecond.</param>
/// <param name="Event">What: lower-case ASCII letters, digits, <c>.</c> and <c>-</c>, at most 64.</param>
/// <param name="Actor">Who.</param>
/// <param name="Address">From where; null for none.</param>
/// <param name="Fields">Details, at most 64.</param>
/// <param name="Subject">The person the fields are about, whose key seals them; null: the actor.</param>
public sealed record EntryDraft(
    LogId Log, Guid Tenant, DateTimeOffset Time, string Event, EntryActor Actor, string? Address, IReadOnlyList<EntryField> Fields, Guid? Subject = null);

/// <summary>An entry ready to be stored.</summary>
/// <param name="Leaf">What the tree holds: no value, only commitments.</param>
/// <param name="LeafHash">RFC 6962's hash of it.</param>
/// <param name="Payload">Values and salts, sealed under the keys of those whom they are about, and bound to the leaf.</param>
public sealed record PreparedEntry(byte[] Leaf, Digest LeafHash, byte[] Payload);

/// <summary>A draft can't become an entry, or a stored one can't be read. Tells which rule, never a value.</summary>
public sealed class EntryException(string message) : Exception(message);
