namespace Vouchsafe.Audit.Custody;

/// <summary>
/// The key store is the one under which the database's data lies, it is whole, nobody but its owner reads it, and signing keys follow each
/// other by signed hand-overs.
/// </summary>
internal static class CustodyControl
{
    public const string Id = "keys.custody";

    /// <summary>The control that says how old a key may get; a posture need not name it.</summary>
    public const string AgeControl = "keys.rotation", MaxAge = "most-age";

    /// <summary>How far clocks of nodes and of the database may differ.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);
}
