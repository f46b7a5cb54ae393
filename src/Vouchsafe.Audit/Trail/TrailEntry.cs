using Vouchsafe.Audit.Logs;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Transparency.Checkpoints;
using Vouchsafe.Transparency.Entries;

namespace Vouchsafe.Audit.Trail;

/// <summary>An entry as its tenant's administrators read it.</summary>
/// <param name="Index">Its place in the log, from 0.</param>
/// <param name="Id">Its id.</param>
/// <param name="State">Whether it is there as it was recorded.</param>
/// <param name="At">When it was recorded; null where it is gone or altered beyond reading.</param>
/// <param name="Event">What; null as before.</param>
/// <param name="Actor">Who and from where: the fields <c>actor</c> and <c>address</c>.</param>
/// <param name="Fields">The details.</param>
public sealed record TrailEntry(long Index, Guid Id, TrailEntryState State, DateTimeOffset? At, string? Event, OpenedGroup Actor, OpenedGroup Fields)
{
    internal static TrailEntry Open(StoredEntry stored, TenantId tenant, EntryOpener opener)
    {
        if (stored.Leaf is null || stored.Sealed is null)
            return new TrailEntry(stored.Index, stored.Id, TrailEntryState.Missing, null, null, OpenedGroup.Unreadable, OpenedGroup.Unreadable);
        if (!Leaf.TryParse(stored.Leaf, out var leaf))
            return new TrailEntry(stored.Index, stored.Id, TrailEntryState.Altered, null, null, OpenedGroup.Unreadable, OpenedGroup.Unreadable);
        var opened = opener.Open(tenant.Value, stored.Leaf, stored.Sealed);
        var state = (opened.Actor.State, opened.Fields.State) switch
        {
            (Disclosure.Unreadable, _) or (_, Disclosure.Unreadable) => TrailEntryState.Altered,
            (Disclosure.Erased, _) or (_, Disclosure.Erased) => TrailEntryState.Erased,
            _ => TrailEntryState.Whole,
        };
        return new TrailEntry(stored.Index, stored.Id, state, leaf.Time, leaf.EventName, opened.Actor, opened.Fields);
    }
}

public enum TrailEntryState
{
    Whole,

    /// <summary>The key of a person in it was destroyed, by right; what the log commits to still stands.</summary>
    Erased,

    /// <summary>It doesn't open, or isn't what the log commits to.</summary>
    Altered,

    /// <summary>The log names it and its row is gone.</summary>
    Missing,
}

/// <summary>Proof that an entry is in a log.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Leaf">What the log commits to.</param>
/// <param name="Path">From the leaf's sibling to the root's child (RFC 6962, section 2.1.1).</param>
/// <param name="Checkpoint">The signed head that the path leads to.</param>
/// <param name="Verifier">The log's key.</param>
public sealed record EntryProof(TrailEntry Entry, ReadOnlyMemory<byte> Leaf, IReadOnlyList<Digest> Path, SignedNote Checkpoint, NoteVerifier Verifier);
