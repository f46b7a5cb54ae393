using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Receipts;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Transparency.Entries;
using Vouchsafe.Transparency.Exports;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Audit.Trail;

/// <summary>The lawful ways in which a trail loses content. Each says so in a log, and every proof about the rest still holds.</summary>
public static class Forgetting
{
    /// <summary>How many entries one step takes away at most.</summary>
    private const long Step = 65_536;

    /// <summary>Erases a person from the tenant's trail: records that, and destroys the person's key once the record is committed.</summary>
    /// <param name="session">The tenant's; inside a transaction the key goes when that commits.</param>
    /// <param name="subject">The person.</param>
    /// <param name="why">Fields that say why, about the request and not about the person.</param>
    /// <returns>The id of the entry that records it.</returns>
    /// <remarks>Where the process dies between the two, call it again: it is done when it returns.</remarks>
    /// <exception cref="KeyDestroyedException">The person was erased before.</exception>
    public static async Task<Guid> EraseAsync(this TenantSession session, Guid subject, IReadOnlyList<AuditField> why, CancellationToken cancellationToken)
    {
        var (writer, entries, keys) = (session.Service<TrailWriter>(), session.Service<EntryBuilder>(), session.Service<KeyRing>());
        var tenant = session.Scope.Tenant.Value;
        var entry = entries.BuildErasure(writer.Draft(session, new AuditEvent(EntryBuilder.ErasureEvent, why)), entries.TagOf(tenant, subject));
        var id = await AppendAsync(session, writer, entry, [], cancellationToken);
        session.OnCommitted(() => keys.Destroy(KeyName.OfSubject(tenant, subject)));
        return id;
    }

    /// <summary>Ends a tenant's trail: records in the operator's log that the tenant left, and destroys the tenant's key, and with it every person's, once the record is committed.</summary>
    /// <param name="system">The operator's session (<see cref="SystemLog.Scope"/>).</param>
    /// <param name="tenant">The tenant. Its rows may be removed afterwards.</param>
    /// <param name="why">Fields that say why.</param>
    /// <returns>The id of the entry that records it.</returns>
    public static async Task<Guid> CloseAsync(this TenantSession system, TenantId tenant, IReadOnlyList<AuditField> why, CancellationToken cancellationToken)
    {
        if (system.Scope.Tenant != SystemLog.Tenant || tenant == SystemLog.Tenant)
            throw new ArgumentException("That a tenant left is recorded in the operator's log.", nameof(system));
        var (writer, entries, keys) = (system.Service<TrailWriter>(), system.Service<EntryBuilder>(), system.Service<KeyRing>());
        var entry = entries.BuildErasure(writer.Draft(system, new AuditEvent(EntryBuilder.ErasureEvent, why)), entries.TagOf(SystemLog.Tenant.Value, tenant.Value));
        var id = await AppendAsync(system, writer, entry, [], cancellationToken);
        system.OnCommitted(() => keys.Destroy(KeyName.OfTenant(tenant.Value)));
        return id;
    }

    /// <summary>Takes the log's first entries away, and records that in the same transactions.</summary>
    /// <param name="session">The tenant's, without an open transaction.</param>
    /// <param name="before">The index of the first entry that stays: a multiple of 256.</param>
    /// <exception cref="Postgres.Errors.DatabaseRefusedException">An entry among them is younger than the database allows to go, or the log isn't that long.</exception>
    public static async Task PruneAsync(this TenantSession session, long before, CancellationToken cancellationToken)
    {
        if (before <= 0 || before % Tile.FullWidth != 0)
            throw new ArgumentOutOfRangeException(nameof(before), before, $"A log is pruned by multiples of {Tile.FullWidth}.");
        var (writer, entries) = (session.Service<TrailWriter>(), session.Service<EntryBuilder>());
        var head = await TenantLog.HeadAsync(session, cancellationToken);
        for (var to = head?.PrunedTo ?? 0; to < before;)
        {
            to = Math.Min(before, to + Step);
            if (head is null || to > head.Size)
                throw new ArgumentOutOfRangeException(nameof(before), before, $"The log has {head?.Size ?? 0} entries.");
            var frozen = await new ProofBuilder(new TenantTiles(session), head.Size).FrozenAsync(to, cancellationToken);
            var record = entries.BuildPrune(writer.Draft(session, new AuditEvent(EntryBuilder.PruneEvent, [.. await LastAsync(session, to, cancellationToken)])), to, frozen);
            await AppendAsync(session, writer, record, [new Statement("select audit.prune($1, $2)", session.Scope.Tenant.Value, to)], cancellationToken);
        }
    }

    /// <summary>What shows, when the entries are gone, how old the last of them was: its leaf, and the path from there to the roots that stay.</summary>
    private static async Task<IReadOnlyList<AuditField>> LastAsync(TenantSession session, long before, CancellationToken cancellationToken)
    {
        var ids = await TenantLog.IdsAsync(session, (before - 1) / Tile.FullWidth, cancellationToken);
        if (ids.Count < Tile.FullWidth || (await TenantLog.EntriesAsync(session, before - 1, ids[^1..], cancellationToken))[0].Leaf is not { } leaf)
            throw new TreeException($"The log misses entry {before - 1}; audit.immutable says what happened to it.");
        var path = await new ProofBuilder(new TenantTiles(session), before).InclusionAsync(before - 1, cancellationToken);
        return
        [
            new AuditField(PruneEvidence.LastField, Convert.ToBase64String(leaf)),
            new AuditField(PruneEvidence.PathField, Convert.ToBase64String(System.Runtime.InteropServices.MemoryMarshal.AsBytes<Digest>(path))),
        ];
    }

    private static async Task<Guid> AppendAsync(
        TenantSession session, TrailWriter writer, PreparedEntry entry, IReadOnlyList<Statement> before, CancellationToken cancellationToken)
    {
        await writer.OpenAsync(session.Scope.Tenant, cancellationToken);
        var (append, id) = writer.Prepare(session, [entry.Leaf], [entry.Payload]);
        await session.ExecuteBatchAsync([.. before, append], cancellationToken);
        writer.OnCommitted(session, [Receipt.Of(append)], 1);
        return id.Entry(0);
    }
}
