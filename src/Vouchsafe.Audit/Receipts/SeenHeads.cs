using System.Collections.Concurrent;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Audit.Receipts;

/// <summary>
/// Of each tenant's log the newest head in which this node saw its own appends, until a check has verified one as large. Lies in
/// memory: a receipt is dropped when its append
/// stands in the log, and from then on this keeps somebody from taking the log back to where it was before.
/// </summary>
internal sealed class SeenHeads
{
    private readonly ConcurrentDictionary<Guid, TreeHead> _heads = [];

    public IReadOnlyCollection<KeyValuePair<Guid, TreeHead>> All => [.. _heads];

    public void Remember(Guid tenant, TreeHead head) =>
        _heads.AddOrUpdate(tenant, head, (_, known) => known.Size >= head.Size ? known : head);

    public TreeHead? Find(Guid tenant) => _heads.TryGetValue(tenant, out var head) ? head : null;

    /// <summary>A head of that size was verified, and is remembered elsewhere.</summary>
    public void Verified(Guid tenant, long size)
    {
        if (_heads.TryGetValue(tenant, out var known) && known.Size <= size)
            _heads.TryRemove(KeyValuePair.Create(tenant, known));
    }

    public void Forget(Guid tenant) => _heads.TryRemove(tenant, out _);
}
