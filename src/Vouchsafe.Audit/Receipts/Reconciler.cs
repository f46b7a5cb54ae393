using System.Runtime.InteropServices;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Sequencing;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Cryptography.Keys;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Audit.Receipts;

/// <summary>Looks for what this node was told is committed in the logs, and says what is late, missing or altered.</summary>
internal sealed class Reconciler(IDatabase database, ReceiptBook book, SeenHeads heads, KeyRing keys, SequencerPulse pulse, TimeProvider time) : IDisposable
{
    /// <summary>Within which time a committed entry gets its index. It gets it in some hundredths of a second; what takes longer is held up.</summary>
    public static readonly TimeSpan Within = TimeSpan.FromSeconds(20);

    /// <summary>For how long a delay that is over is still reported, so that every check sees it.</summary>
    private static readonly TimeSpan Reported = TimeSpan.FromMinutes(2);

    /// <summary>How many of the newest entries of a log are looked through for receipts at once.</summary>
    private const long Newest = 65_536, First = 2_048;

    /// <summary>How many receipts are looked up one by one in a round, and how many in one that a check asks for: each goes through a whole log where it finds nothing.</summary>
    private const int LookedUp = 8, LookedUpThoroughly = 64;

    /// <summary>From this age on a receipt is looked up by itself: what came to its log before this node was told of the commit may have been passed by.</summary>
    private static readonly TimeSpan PassedBy = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>Of each tenant with receipts lately: how large its log was at the last two looks. From the older one on it is looked through again, because a node may be
    /// told of a commit a moment after the log holds it.</summary>
    private readonly Dictionary<Guid, (long Older, long Newer)> _seen = [];

    /// <summary>Receipts whose appends stand in their logs with other hashes, until they stand there with the right ones.</summary>
    private readonly Dictionary<Guid, Receipt> _altered = [];
    private DateTimeOffset _late = DateTimeOffset.MinValue;
    private NodeTrail _last = new(time.GetUtcNow(), Sequencing: true, 0, 0, WasLate: false);

    /// <summary>What the last round saw; a node that has just started misses nothing. Null where none ran for too long.</summary>
    public NodeTrail? Last => time.GetUtcNow() - _last.At < Within ? _last : null;

    /// <param name="thorough">Whether what is late is looked up again; else only what has just become so.</param>
    public async Task<NodeTrail> RunAsync(bool thorough, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            var open = book.Open();
            if (open.Count > 0)
                await SettleAsync(open, cancellationToken);
            var now = time.GetUtcNow();
            // A delay counts even if it is over by now.
            if (book.Before(now - Within).Any(receipt => !_altered.ContainsKey(receipt.Append)) || book.Overflowed)
                _late = now;
            var asked = book.Before(now - PassedBy).Where(receipt => thorough || now - receipt.At <= Within).Take(thorough ? LookedUpThoroughly : LookedUp).ToList();
            foreach (var receipt in asked.UnionBy(thorough ? _altered.Values.Take(LookedUp) : [], receipt => receipt.Append))
                await LookUpAsync(receipt, cancellationToken);
            var missing = book.Before(now - Within).Count(receipt => !_altered.ContainsKey(receipt.Append));
            return _last = new NodeTrail(now, pulse.Since(now) < Within, missing, _altered.Count, now - _late < Reported || book.Overflowed);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    /// <summary>Looks through what came to the logs since the last look.</summary>
    private async Task SettleAsync(IReadOnlyDictionary<Guid, Receipt> open, CancellationToken cancellationToken)
    {
        var entries = open.Values.GroupBy(receipt => receipt.Tenant).ToDictionary(group => group.Key, group => group.Sum(receipt => (long)receipt.Count));
        Guid[] tenants = [.. entries.Keys];
        foreach (var idle in _seen.Keys.Except(tenants).ToList())
            _seen.Remove(idle);
        await using var session = database.Platform(Actor.System("audit.receipts"));
        var sizes = await session.ListAsync(
            "select tenant_id, size, root from audit.heads where tenant_id = any($1)", [tenants],
            row => (Tenant: row.GetGuid(0), Size: row.GetInt64(1), Root: Digest.From(row.GetFieldValue<byte[]>(2))), cancellationToken);
        foreach (var (tenant, size, root) in sizes)
        {
            // At the first look at a log its newest entries, and more where many receipts wait.
            var seen = _seen.TryGetValue(tenant, out var known) ? known : (Older: size - First - 2 * entries[tenant], Newer: size - First);
            if (await ReadAsync(session, tenant, Math.Max(0, Math.Max(seen.Older, size - Newest)), size, open, cancellationToken))
                heads.Remember(tenant, new TreeHead(size, root));
            _seen[tenant] = (seen.Newer, size);
        }
    }

    /// <returns>Whether a receipt was settled by entries before <paramref name="to"/>.</returns>
    private async Task<bool> ReadAsync(PlatformSession session, Guid tenant, long from, long to, IReadOnlyDictionary<Guid, Receipt> open, CancellationToken cancellationToken)
    {
        var settled = false;
        if (from >= to)
            return settled;
        var parts = await session.ListAsync(
            """
            select b.bundle * 256, b.entries, t.hashes from audit.bundles b join audit.tiles t on t.tenant_id = b.tenant_id and t.level = 0 and t.tile = b.bundle
            where b.tenant_id = $1 and b.bundle between $2 / 256 and $3 / 256
            union all
            select first_index, entries, hashes from audit.tails where tenant_id = $1 and first_index < $3 + 1
            order by 1
            """,
            [tenant, from, to - 1],
            row => (First: row.GetInt64(0), Ids: row.GetFieldValue<byte[]>(1), Hashes: row.GetFieldValue<byte[]>(2)),
            cancellationToken);
        var run = new AppendRun();
        foreach (var (first, ids, hashes) in parts)
        {
            if (hashes.Length != 2 * ids.Length)
                continue; // A damaged log; the check of its tiles names it.
            // What came meanwhile isn't under the head that is remembered; the next look sees it.
            for (var n = 0; n < ids.Length / 16 && first + n < to; n++)
            {
                run.Take(new Guid(ids.AsSpan(16 * n, 16), bigEndian: true), hashes.AsSpan(32 * n, 32));
                if (!open.TryGetValue(run.Append, out var receipt) || receipt.Tenant != tenant || run.Count != receipt.Count)
                    continue;
                if (!run.Whole)
                    continue; // It began before what was read: looked up by itself, it is whole.
                if (run.Hashes() != receipt.Hashes)
                {
                    _altered[run.Append] = receipt;
                    continue;
                }

                _altered.Remove(run.Append);
                book.Settle(run.Append);
                settled = true;
            }
        }

        return settled;
    }

    /// <summary>A log can be too long to look through, or its tenant be gone: one late receipt is looked up by itself.</summary>
    private async Task LookUpAsync(Receipt receipt, CancellationToken cancellationToken)
    {
        if (keys.Existing(KeyName.OfTenant(receipt.Tenant)).IsDestroyed)
        {
            book.Settle(receipt.Append);
            _altered.Remove(receipt.Append);
            return;
        }

        await using var session = database.Tenant(new TenantScope(new TenantId(receipt.Tenant), Actor.System("audit.receipts"), OwnerReach.All, null));
        if (await EntryIndex.FindAsync(session, receipt.LastEntry, cancellationToken) is not { } index)
            return;
        await using var platform = database.Platform(Actor.System("audit.receipts"));
        var one = new Dictionary<Guid, Receipt> { [receipt.Append] = receipt };
        if (await ReadAsync(platform, receipt.Tenant, index - receipt.Count + 1, index + 1, one, cancellationToken))
            await platform.ListAsync("select size, root from audit.heads where tenant_id = $1 and size > $2", [receipt.Tenant, index], row =>
            {
                heads.Remember(receipt.Tenant, new TreeHead(row.GetInt64(0), Digest.From(row.GetFieldValue<byte[]>(1))));
                return true;
            }, cancellationToken);
    }

    /// <summary>Entries of one append, which stand one behind the other.</summary>
    private struct AppendRun
    {
        private byte[]? _hashes;

        public Guid Append { get; private set; }

        public int Count { get; private set; }

        /// <summary>Whether it was seen from its first entry on.</summary>
        public bool Whole { get; private set; }

        public void Take(Guid entry, ReadOnlySpan<byte> hash)
        {
            var (append, position) = (AppendId.Of(entry).Value, AppendId.PositionOf(entry));
            if (append != Append || position != Count)
                (Append, Whole) = (append, position == 0);
            _hashes ??= new byte[AppendId.MostEntries * Digest.Size];
            hash.CopyTo(_hashes.AsSpan(position * Digest.Size));
            Count = position + 1;
        }

        public readonly Digest Hashes() => Sha256.Hash(_hashes.AsSpan(0, Count * Digest.Size));
    }
}
