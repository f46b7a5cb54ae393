using Npgsql;
using NpgsqlTypes;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Audit.Sequencing;

/// <summary>What a round works on. Taken by one statement: each further round trip of a round adds to the time until an entry has its index.</summary>
/// <param name="Appends">Those that wait, no longer in the table.</param>
/// <param name="Heads">Of the logs that have one: the head, locked until the transaction ends; null where a strict append holds it.</param>
/// <param name="First">The first block in which an append lay; null where there was none.</param>
internal sealed record Taken(IReadOnlyList<PendingAppend> Appends, IReadOnlyDictionary<Guid, TreeHead?> Heads, uint? First)
{
    /// <remarks>
    /// Pending rows are found by their place (ctid): the table has no index to maintain, and only this transaction deletes from it. The statement may have begun before the lock was free; of what another round changed
    /// meanwhile, DELETE and FOR UPDATE see the newest state (READ COMMITTED), which is why a head comes from the locked row alone.
    /// The row of <c>audit.sequencer</c> is locked only where something waits: a round that finds nothing writes nothing.
    /// </remarks>
    private const string Take =
        """
        with waiting as materialized (select exists (select from audit.pending where tenant_id <> all($3) and ctid >= $4) as yes),
        alone as materialized (select true as yes from audit.sequencer where (select yes from waiting) for update skip locked),
        taken as (
            delete from audit.pending where ctid = any(array(
                select place from (
                    select ctid as place, octet_length(hashes) / 32 as n, sum(octet_length(hashes) / 32) over (rows unbounded preceding) as through
                    from audit.pending where (select yes from alone) and tenant_id <> all($3) and ctid >= $4 limit $1) as p
                where through - n < $2))
            returning tenant_id, append_id, hashes, ctid as place),
        held as (
            select h.tenant_id, h.size, h.root from (select distinct tenant_id from taken) as t join audit.heads h on h.tenant_id = t.tenant_id for update of h skip locked)
        select waiting.yes, alone.yes, exists (select from audit.sequencer), t.tenant_id, t.append_id, t.hashes, h.tenant_id is not null, held.size, held.root, t.place
        from waiting left join alone on true left join taken t on true left join audit.heads h on h.tenant_id = t.tenant_id left join held on held.tenant_id = t.tenant_id
        """;

    /// <param name="from">The first block of the table to look at.</param>
    /// <returns>Null where another node is at it.</returns>
    /// <exception cref="InvalidOperationException">The row that rounds lock is gone: nobody could ever number an entry again.</exception>
    public static async Task<Taken?> TakeAsync(PlatformSession session, SequencerOptions options, Guid[] damaged, uint from, CancellationToken cancellationToken)
    {
        var busy = false;
        var appends = new List<PendingAppend>();
        var heads = new Dictionary<Guid, TreeHead?>();
        uint? first = null;
        var place = new NpgsqlParameter { Value = new NpgsqlTid(from, 0), NpgsqlDbType = NpgsqlDbType.Tid };
        await session.ListAsync(Take, [options.RoundAppends, options.RoundEntries, damaged, place], row =>
        {
            if (!row.GetBoolean(2)) throw new InvalidOperationException("audit.sequencer has no row: put it back with «insert into audit.sequencer default values».");
            busy = row.GetBoolean(0) && row.IsDBNull(1);
            if (row.IsDBNull(3)) return false;
            var tenant = row.GetGuid(3);
            appends.Add(new PendingAppend(tenant, row.GetGuid(4), row.GetFieldValue<byte[]>(5)));
            if (row.GetBoolean(6)) heads[tenant] = Head(row);
            first = Math.Min(first ?? uint.MaxValue, row.GetFieldValue<NpgsqlTid>(9).BlockNumber);
            return true;
        }, cancellationToken);
        return busy ? null : new Taken(appends, heads, first);
    }

    private static TreeHead? Head(NpgsqlDataReader row) => row.IsDBNull(7) ? null : new TreeHead(row.GetInt64(7), Digest.From(row.GetFieldValue<byte[]>(8)));
}
