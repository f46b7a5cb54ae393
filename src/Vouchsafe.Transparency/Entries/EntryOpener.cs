using System.Buffers.Binary;
using System.Security.Cryptography;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Cryptography.Sealing;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Transparency.Entries;

/// <summary>Opens stored entries. What can't be opened is told apart: erased, or unreadable. Thread-safe; creates no keys.</summary>
public sealed class EntryOpener(KeyRing keys)
{
    /// <exception cref="KeyStoreException">The keys can't be had: nothing is said about the entry then.</exception>
    public OpenedEntry Open(Guid tenant, ReadOnlySpan<byte> leaf, ReadOnlySpan<byte> payload)
    {
        var tenantKey = keys.Existing(KeyName.OfTenant(tenant));
        if (tenantKey.IsDestroyed)
            return new OpenedEntry(OpenedGroup.Erased, OpenedGroup.Erased);
        if (tenantKey.Key is null || !Leaf.TryParse(leaf, out var parsed) || !TrySplit(payload, out var first, out var second))
            return new OpenedEntry(OpenedGroup.Unreadable, OpenedGroup.Unreadable);
        Span<byte> ids = stackalloc byte[32];
        payload.Slice(2, 32).CopyTo(ids);
        EntryPayload.Mask(ids, PersonKeys.ReferenceMask(tenantKey.Key, TreeHash.Leaf(leaf)));
        var actor = new Guid(ids[..16], bigEndian: true);
        if (!second.IsEmpty)
            return new OpenedEntry(
                OpenGroup(tenant, actor, leaf, first, EntryPayload.Actor, parsed.ActorRoot),
                OpenGroup(tenant, new Guid(ids[16..], bigEndian: true), leaf, second, EntryPayload.Fields, parsed.FieldRoot));
        if (!TryOpen(tenant, actor, leaf, first, EntryPayload.Whole, out var content, out var state))
            return new OpenedEntry(new(state, []), new(state, []));
        var opened = FieldGroup.Read(content) is { } actorGroup && actorGroup.Root == parsed.ActorRoot
            && FieldGroup.Read(content.AsSpan(actorGroup.Read)) is { } fieldGroup && fieldGroup.Root == parsed.FieldRoot
            && actorGroup.Read + fieldGroup.Read == content.Length
            ? new OpenedEntry(new(Disclosure.Disclosed, actorGroup.Fields), new(Disclosure.Disclosed, fieldGroup.Fields))
            : new OpenedEntry(OpenedGroup.Unreadable, OpenedGroup.Unreadable);
        CryptographicOperations.ZeroMemory(content);
        return opened;
    }

    private OpenedGroup OpenGroup(Guid tenant, Guid person, ReadOnlySpan<byte> leaf, ReadOnlySpan<byte> part, string name, in Digest root)
    {
        if (!TryOpen(tenant, person, leaf, part, name, out var content, out var state))
            return new OpenedGroup(state, []);
        var opened = FieldGroup.Read(content) is { } group && group.Root == root && group.Read == content.Length
            ? new OpenedGroup(Disclosure.Disclosed, group.Fields)
            : OpenedGroup.Unreadable;
        CryptographicOperations.ZeroMemory(content);
        return opened;
    }

    private bool TryOpen(Guid tenant, Guid person, ReadOnlySpan<byte> leaf, ReadOnlySpan<byte> part, string name, out byte[] content, out Disclosure state)
    {
        content = [];
        var key = keys.Existing(person == Guid.Empty ? KeyName.OfTenant(tenant) : KeyName.OfSubject(tenant, person));
        state = key.IsDestroyed ? Disclosure.Erased : Disclosure.Unreadable;
        if (key.Key is null)
            return false;
        try
        {
            content = Seal.Open(key.Key.Derive(PersonKeys.Purpose), part, EntryPayload.Binding(leaf, name));
            return true;
        }
        catch (SealException)
        {
            return false;
        }
    }

    private static bool TrySplit(ReadOnlySpan<byte> payload, out ReadOnlySpan<byte> first, out ReadOnlySpan<byte> second)
    {
        first = second = default;
        if (payload.Length < EntryPayload.HeaderSize || payload[0] != EntryPayload.Version || payload[1] is not (1 or 2))
            return false;
        var size = BinaryPrimitives.ReadInt32BigEndian(payload[34..]);
        var parts = payload[EntryPayload.HeaderSize..];
        if (size < 0 || size > parts.Length || (payload[1] == 1) != (size == parts.Length))
            return false;
        first = parts[..size];
        second = parts[size..];
        return true;
    }
}
