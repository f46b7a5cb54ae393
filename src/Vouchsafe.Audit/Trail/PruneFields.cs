namespace Vouchsafe.Audit.Trail;

/// <summary>The fields of a prune record, and how old what is pruned must be.</summary>
internal static class PruneFields
{
    /// <summary>Base64 of the leaf of the last entry that went.</summary>
    public const string Last = "last";

    /// <summary>Base64 of the proof that it was the last in the tree over all that went (RFC 6962, section 2.1.1).</summary>
    public const string Path = "path";

    /// <summary>The hash over the roots that stay.</summary>
    public const string Frozen = "frozen";

    /// <summary>As old every entry is that goes. The database has the same figure; this is the one that counts.</summary>
    public static readonly TimeSpan Youngest = TimeSpan.FromDays(180);
}
