using Vouchsafe.Audit.Logs;
using Vouchsafe.Transparency.Entries;

namespace Vouchsafe.Audit.Checks;

/// <summary>An entry that says that the log's first entries were pruned.</summary>
/// <param name="Index">The entry's own.</param>
/// <param name="Before">How many it says went.</param>
internal sealed record PruneRecord(long Index, long Before)
{
    /// <summary>Null where the entry is none.</summary>
    public static PruneRecord? Read(StoredEntry entry, OpenedEntry opened) =>
        Leaf.TryParse(entry.Leaf, out var leaf) && leaf.Kind == LeafKind.Prune ? new PruneRecord(entry.Index, leaf.PrunedBefore) : null;
}
