using System.Runtime.InteropServices;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Transparency.Entries;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Transparency.Exports;

/// <summary>What a prune record shows of the entries that went: docs/formats/audit-entry.md.</summary>
/// <param name="Frozen">The hash over the roots that stay; null where the record has none.</param>
/// <param name="Last">Base64 of the leaf of the last entry that went.</param>
/// <param name="Path">Base64 of the proof that it was the last in the tree over all that went (RFC 6962, section 2.1.1).</param>
public sealed record PruneEvidence(string? Frozen, string? Last, string? Path)
{
    public const string FrozenField = "frozen", LastField = "last", PathField = "path";

    /// <summary>As old every entry is that goes.</summary>
    public static readonly TimeSpan Youngest = TimeSpan.FromDays(180);

    /// <summary>How far the clock of the database, by which the age was judged, may be apart from the node's.</summary>
    private static readonly TimeSpan Clocks = TimeSpan.FromMinutes(5);

    /// <summary>What speaks against the record, as the end of a sentence that begins with it; or null.</summary>
    /// <param name="before">How many entries it says went.</param>
    /// <param name="at">When it was recorded.</param>
    /// <param name="frozen">The roots that the log holds of what went.</param>
    public string? FindFault(long before, DateTimeOffset at, IReadOnlyList<Digest> frozen)
    {
        if (Frozen != Sha256.Hash(MemoryMarshal.AsBytes<Digest>(frozen.ToArray())).ToString())
            return "names other roots than the log holds";
        if (ReadLast() is not { } last)
            return "doesn't show how old they were";
        var went = new RootBuilder();
        foreach (var (height, root) in RootBuilder.Heights(before).Zip(frozen))
            went.Append(height, root);
        if (!Proof.VerifyInclusion(before - 1, last.Hash, went.Head(), last.Path))
            return "shows an entry that wasn't the last of them";
        return at - last.At < Youngest - Clocks ? $"took entries younger than {Youngest.TotalDays:0} days" : null;
    }

    private (Digest Hash, DateTimeOffset At, Digest[] Path)? ReadLast()
    {
        var (leaf, path) = (new byte[Leaf.Longest], new byte[Proof.MostHashes * Digest.Size]);
        return Convert.TryFromBase64String(Last ?? "-", leaf, out var size)
            && Leaf.TryParse(leaf.AsSpan(0, size), out var last)
            && Convert.TryFromBase64String(Path ?? "-", path, out var length) && length % Digest.Size == 0
            ? (TreeHash.Leaf(leaf.AsSpan(0, size)), last.Time, Digest.Cast(path.AsSpan(0, length)).ToArray())
            : null;
    }
}
