using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Cryptography.Sealing;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Transparency.Entries;

/// <summary>Makes entries: docs/formats/audit-entry.md. Thread-safe; part of every business transaction, so it is quick.</summary>
public sealed class EntryBuilder(KeyRing keys)
{
    public const string ErasureEvent = "subject.erased";
    public const string PruneEvent = "log.pruned";

    /// <exception cref="EntryException">A name, a value or their number is out of bounds.</exception>
    /// <exception cref="KeyDestroyedException">The actor or the subject was erased, or the tenant's key destroyed.</exception>
    /// <exception cref="KeyStoreException">The keys can't be had.</exception>
    public PreparedEntry Build(EntryDraft draft)
    {
        var fresh = new FreshBytes(stackalloc byte[FreshSize(draft)]);
        return Build(draft, ref fresh);
    }

    /// <summary>As <see cref="Build(EntryDraft)"/> for many: what is random in them is drawn together.</summary>
    /// <param name="built">As long as <paramref name="drafts"/>.</param>
    public void Build(ReadOnlySpan<EntryDraft> drafts, Span<PreparedEntry> built)
    {
        var size = 0;
        foreach (var draft in drafts)
            size += FreshSize(draft);
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            var fresh = new FreshBytes(buffer.AsSpan(0, size));
            for (var n = 0; n < drafts.Length; n++)
                built[n] = Build(drafts[n], ref fresh);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    private PreparedEntry Build(EntryDraft draft, ref FreshBytes fresh)
    {
        var actorKey = PersonKeys.Of(keys, draft.Tenant, draft.Actor.Id);
        var own = draft.Subject is null || draft.Subject == draft.Actor.Id;
        var subjectKey = own ? actorKey : PersonKeys.Of(keys, draft.Tenant, draft.Subject);
        var actorTag = ActorTag(draft, actorKey);
        var subjectTag = own ? actorTag : PersonKeys.TagOf(subjectKey, draft.Tenant, draft.Subject!.Value, default);
        return Build(draft, LeafKind.Event, actorKey, subjectKey, actorTag, subjectTag, ref fresh);
    }

    /// <summary>The pseudonym of a person in the tenant's log; to be asked for before the key is destroyed.</summary>
    /// <exception cref="KeyDestroyedException">The person was erased before.</exception>
    public Tag TagOf(Guid tenant, Guid subject) =>
        PersonKeys.TagOf(PersonKeys.Of(keys, tenant, subject), tenant, subject, default);

    /// <summary>The entry that says, for the log's lifetime, that the person with this tag was erased by right. Commit it, then destroy the key.</summary>
    /// <param name="draft">Who erased, when, and fields that say why; its event is <c>subject.erased</c> whatever it names.</param>
    public PreparedEntry BuildErasure(EntryDraft draft, Tag erased)
    {
        var actorKey = PersonKeys.Of(keys, draft.Tenant, draft.Actor.Id);
        return BuildAlone(draft with { Event = ErasureEvent, Subject = null }, LeafKind.Erasure, actorKey, ActorTag(draft, actorKey), erased);
    }

    /// <summary>The entry that says that the log's first entries are no longer kept.</summary>
    /// <param name="draft">Who pruned and when; its event is <c>log.pruned</c>; a field <c>frozen</c> with the hash of the roots is added.</param>
    /// <param name="before">How many, a multiple of 256.</param>
    /// <param name="frozen">The roots that stay: <see cref="ProofBuilder.FrozenAsync"/>.</param>
    public PreparedEntry BuildPrune(EntryDraft draft, long before, ReadOnlySpan<Digest> frozen)
    {
        if (before <= 0 || before % Tile.FullWidth != 0)
            throw new EntryException($"A log is pruned by multiples of {Tile.FullWidth} entries.");
        if (frozen.Length != RootBuilder.Heights(before).Count())
            throw new EntryException("There is one frozen root for each perfect subtree of what is pruned.");
        var actorKey = PersonKeys.Of(keys, draft.Tenant, draft.Actor.Id);
        var roots = Sha256.Hash(MemoryMarshal.AsBytes(frozen)).ToString();
        var record = draft with { Event = PruneEvent, Subject = null, Fields = [.. draft.Fields, new EntryField("frozen", roots)] };
        return BuildAlone(record, LeafKind.Prune, actorKey, ActorTag(draft, actorKey), new Tag((UInt128)before));
    }

    private PreparedEntry BuildAlone(EntryDraft draft, LeafKind kind, SecretKey actorKey, Tag actorTag, Tag subjectTag)
    {
        var fresh = new FreshBytes(stackalloc byte[FreshSize(draft)]);
        return Build(draft, kind, actorKey, actorKey, actorTag, subjectTag, ref fresh);
    }

    /// <summary>A salt for each field, those of the actor's group included, and a nonce for each of two parts.</summary>
    private static int FreshSize(EntryDraft draft) =>
        (2 + Math.Min(draft.Fields.Count, Commitment.MostFields)) * Commitment.SaltSize + 2 * Seal.NonceSize;

    private static Tag ActorTag(EntryDraft draft, SecretKey key)
    {
        if (draft.Actor.Id is { } id)
            return PersonKeys.TagOf(key, draft.Tenant, id, default);
        Span<byte> name = stackalloc byte[128];
        if (!Encoding.UTF8.TryGetBytes(draft.Actor.Description, name, out var size))
            throw new EntryException("A part of the system has a name of at most 128 bytes.");
        return PersonKeys.TagOf(key, draft.Tenant, Guid.Empty, name[..size]);
    }

    private PreparedEntry Build(EntryDraft draft, LeafKind kind, SecretKey actorKey, SecretKey fieldKey, Tag actorTag, Tag subjectTag, ref FreshBytes fresh)
    {
        EntryField[] actorFields = draft.Address is null
            ? [new("actor", draft.Actor.Description)]
            : [new("actor", draft.Actor.Description), new("address", draft.Address)];
        var buffer = ArrayPool<byte>.Shared.Rent(FieldGroup.Bound(actorFields) + FieldGroup.Bound(draft.Fields));
        try
        {
            var (actorSize, actorRoot) = FieldGroup.Write(buffer, actorFields, fresh.Take(actorFields.Length * Commitment.SaltSize));
            var (fieldSize, fieldRoot) = FieldGroup.Write(buffer.AsSpan(actorSize), draft.Fields, fresh.Take(draft.Fields.Count * Commitment.SaltSize));
            var leaf = MakeLeaf(draft, kind, actorTag, subjectTag, actorRoot, fieldRoot);
            var hash = TreeHash.Leaf(leaf);
            var payload = MakePayload(draft, leaf, hash, actorKey, fieldKey, buffer.AsSpan(0, actorSize + fieldSize), actorSize, ref fresh);
            return new PreparedEntry(leaf, hash, payload);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    private static byte[] MakeLeaf(EntryDraft draft, LeafKind kind, Tag actorTag, Tag subjectTag, in Digest actorRoot, in Digest fieldRoot)
    {
        Span<byte> name = stackalloc byte[Leaf.LongestEvent];
        if (!Encoding.UTF8.TryGetBytes(draft.Event, name, out var size) || !EntryName.IsEvent(name[..size]))
            throw new EntryException($"An event's name has 1 to {Leaf.LongestEvent} lower-case ASCII letters, digits, dots or hyphens.");
        var time = (draft.Time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        if (time < 0)
            throw new EntryException("An entry's time is not before 1970.");
        var leaf = new byte[Leaf.EventAt + 1 + size];
        leaf[0] = Leaf.Version;
        leaf[1] = (byte)kind;
        draft.Log.Value.TryWriteBytes(leaf.AsSpan(Leaf.LogAt), bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(leaf.AsSpan(Leaf.TimeAt), time);
        actorTag.CopyTo(leaf.AsSpan(Leaf.ActorTagAt));
        subjectTag.CopyTo(leaf.AsSpan(Leaf.SubjectTagAt));
        actorRoot.Bytes.CopyTo(leaf.AsSpan(Leaf.ActorRootAt));
        fieldRoot.Bytes.CopyTo(leaf.AsSpan(Leaf.FieldRootAt));
        leaf[Leaf.EventAt] = (byte)size;
        name[..size].CopyTo(leaf.AsSpan(Leaf.EventAt + 1));
        return leaf;
    }

    /// <summary><c>version 1 ‖ parts 1 ‖ masked actor id 16 ‖ masked subject id 16 ‖ length of the first part 4 ‖ part [‖ part]</c>;
    /// one part where one key seals all of it.</summary>
    private byte[] MakePayload(EntryDraft draft, byte[] leaf, in Digest hash, SecretKey actorKey, SecretKey fieldKey, ReadOnlySpan<byte> groups, int actorSize, ref FreshBytes fresh)
    {
        var single = ReferenceEquals(actorKey, fieldKey);
        var first = single
            ? SealPart(actorKey, groups, leaf, EntryPayload.Whole, ref fresh)
            : SealPart(actorKey, groups[..actorSize], leaf, EntryPayload.Actor, ref fresh);
        var second = single ? [] : SealPart(fieldKey, groups[actorSize..], leaf, EntryPayload.Fields, ref fresh);
        var payload = new byte[EntryPayload.HeaderSize + first.Length + second.Length];
        payload[0] = EntryPayload.Version;
        payload[1] = (byte)(single ? 1 : 2);
        var ids = payload.AsSpan(2, 32);
        (draft.Actor.Id ?? Guid.Empty).TryWriteBytes(ids, bigEndian: true, out _);
        (single ? draft.Actor.Id ?? Guid.Empty : draft.Subject!.Value).TryWriteBytes(ids[16..], bigEndian: true, out _);
        EntryPayload.Mask(ids, PersonKeys.ReferenceMask(keys.TenantKey(draft.Tenant).Required, hash));
        BinaryPrimitives.WriteInt32BigEndian(payload.AsSpan(34), first.Length);
        first.CopyTo(payload, EntryPayload.HeaderSize);
        second.CopyTo(payload, EntryPayload.HeaderSize + first.Length);
        return payload;
    }

    private static byte[] SealPart(SecretKey key, ReadOnlySpan<byte> content, byte[] leaf, string part, ref FreshBytes fresh) =>
        Seal.Protect(key.Derive(PersonKeys.Purpose), content, EntryPayload.Binding(leaf, part), ref fresh);
}
