namespace Vouchsafe.Cli.Auditing;

/// <summary>What <c>vouchsafe audit verify</c> was asked.</summary>
/// <param name="File">The export; <c>-</c> for standard input.</param>
/// <param name="Key">The log's key as a vkey, or a file that holds it; null: the export's own word.</param>
/// <param name="Previous">Files with earlier checkpoints.</param>
/// <param name="Witnesses">Keys, or files that hold them, of witnesses that must have cosigned the roll-up log.</param>
/// <param name="MaxAge">How old each witness's cosignature may be; null: not looked at.</param>
/// <param name="Handovers">Files with hand-overs of the log's key, beside those that the export carries, or of the roll-up log's.</param>
/// <param name="RollUp">The roll-up log's key as a vkey, or a file that holds it; needed with witnesses.</param>
internal sealed record AuditVerifyOptions(
    string File, string? Key, IReadOnlyList<string> Previous, bool Json, IReadOnlyList<string>? Witnesses = null, TimeSpan? MaxAge = null,
    IReadOnlyList<string>? Handovers = null, string? RollUp = null);
