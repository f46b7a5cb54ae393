using Vouchsafe.Audit.Logs;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Transparency.Entries;
using Vouchsafe.Transparency.Exports;

namespace Vouchsafe.Audit.Checks;

/// <summary>An entry that says that the log's first entries were pruned.</summary>
/// <param name="Index">The entry's own.</param>
/// <param name="Before">How many it says went.</param>
/// <param name="At">When it was recorded.</param>
/// <param name="Evidence">What shows how old they were; null where whoever pruned was erased since.</param>
internal sealed record PruneRecord(long Index, long Before, DateTimeOffset At, PruneEvidence? Evidence)
{
    /// <summary>Null where the entry is none.</summary>
    public static PruneRecord? Read(StoredEntry entry, OpenedEntry opened)
    {
        if (!Leaf.TryParse(entry.Leaf, out var leaf) || leaf.Kind != LeafKind.Prune)
            return null;
        var fields = opened.Fields;
        return new PruneRecord(entry.Index, leaf.PrunedBefore, leaf.Time, fields.State == Disclosure.Disclosed
            ? new PruneEvidence(Value(PruneEvidence.FrozenField), Value(PruneEvidence.LastField), Value(PruneEvidence.PathField))
            : null);

        string? Value(string name) => fields.Fields.Where(field => field.Name == name).Select(field => field.Value).FirstOrDefault();
    }

    /// <summary>What speaks against it, or null.</summary>
    /// <param name="frozen">The roots that the log holds of what went.</param>
    public string? FindFault(IReadOnlyList<Digest> frozen, DateTimeOffset now)
    {
        if (Evidence is null)
            return null;
        return Evidence.FindFault(Before, At, frozen) ?? (At > now + Clocks ? "is dated in the future" : null);
    }

    /// <summary>How far clocks of nodes may be apart.</summary>
    private static readonly TimeSpan Clocks = TimeSpan.FromMinutes(5);
}
