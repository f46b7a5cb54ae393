using System.Runtime.InteropServices;
using Vouchsafe.Audit.Logs;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Transparency.Entries;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Audit.Checks;

/// <summary>An entry that says that the log's first entries were pruned.</summary>
/// <param name="Index">The entry's own.</param>
/// <param name="Before">How many it says went.</param>
/// <param name="At">When it was recorded.</param>
/// <param name="Fields">What shows how old they were; null where whoever pruned was erased since.</param>
internal sealed record PruneRecord(long Index, long Before, DateTimeOffset At, IReadOnlyDictionary<string, string>? Fields)
{
    /// <summary>Null where the entry is none.</summary>
    public static PruneRecord? Read(StoredEntry entry, OpenedEntry opened)
    {
        if (!Leaf.TryParse(entry.Leaf, out var leaf) || leaf.Kind != LeafKind.Prune)
            return null;
        var fields = opened.Fields.State == Disclosure.Disclosed ? opened.Fields.Fields.DistinctBy(field => field.Name).ToDictionary(field => field.Name, field => field.Value) : null;
        return new PruneRecord(entry.Index, leaf.PrunedBefore, leaf.Time, fields);
    }

    /// <summary>What speaks against it, or null.</summary>
    /// <param name="frozen">The roots that the log holds of what went.</param>
    public string? FindFault(IReadOnlyList<Digest> frozen, DateTimeOffset now)
    {
        if (Fields is null)
            return null;
        if (Fields.GetValueOrDefault(PruneFields.Frozen) != Sha256.Hash(MemoryMarshal.AsBytes<Digest>(frozen.ToArray())).ToString())
            return "names other roots than the log holds";
        if (ReadLast() is not { } last)
            return "doesn't show how old they were";
        var went = new RootBuilder();
        foreach (var (height, root) in RootBuilder.Heights(Before).Zip(frozen))
            went.Append(height, root);
        if (!Proof.VerifyInclusion(Before - 1, last.Hash, went.Head(), last.Path))
            return "shows an entry that wasn't the last of them";
        return At > now + Clocks ? "is dated in the future" : At - last.At < PruneFields.Youngest ? $"took entries younger than {PruneFields.Youngest.TotalDays:0} days" : null;
    }

    /// <summary>How far clocks of nodes may be apart.</summary>
    private static readonly TimeSpan Clocks = TimeSpan.FromMinutes(5);

    private (Digest Hash, DateTimeOffset At, Digest[] Path)? ReadLast()
    {
        var (leaf, path) = (new byte[Leaf.Longest], new byte[Proof.MostHashes * Digest.Size]);
        return Convert.TryFromBase64String(Fields!.GetValueOrDefault(PruneFields.Last) ?? "-", leaf, out var size)
            && Leaf.TryParse(leaf.AsSpan(0, size), out var last)
            && Convert.TryFromBase64String(Fields!.GetValueOrDefault(PruneFields.Path) ?? "-", path, out var length) && length % Digest.Size == 0
            ? (TreeHash.Leaf(leaf.AsSpan(0, size)), last.Time, Digest.Cast(path.AsSpan(0, length)).ToArray())
            : null;
    }
}
