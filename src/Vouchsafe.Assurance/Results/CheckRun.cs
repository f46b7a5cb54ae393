using System.Globalization;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Claims.Evidence;

namespace Vouchsafe.Assurance.Results;

/// <summary>A run of a check, as the operator's log has it.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Control">What was looked at.</param>
/// <param name="Holds">Whether it was seen to work.</param>
/// <param name="Message">What was found.</param>
/// <param name="Posture">The hash of the posture whose figures counted.</param>
/// <param name="CheckedAt">When the look began; never later than the entry.</param>
/// <param name="ValidUntil">Until when it counts, by the entry's own word.</param>
/// <param name="Took">How long the look took.</param>
/// <param name="IsChange">Whether the control held before and doesn't now, or the other way round.</param>
/// <param name="FailedLastAt">Of a change to the good: the last look that found it broken.</param>
/// <param name="Links">Where to find what came before.</param>
internal sealed record CheckRun(
    VerifiedEntry Entry, string Control, bool Holds, string Message, string Posture, DateTimeOffset CheckedAt, DateTimeOffset ValidUntil,
    TimeSpan Took, bool IsChange, DateTimeOffset? FailedLastAt, ResultLinks Links)
{
    /// <summary>Null where the entry isn't well formed.</summary>
    public static CheckRun? Read(VerifiedEntry entry) =>
        entry["control"] is { Length: > 0 } control && entry["verdict"] is "verified" or "failed" && ResultField.Time(entry["checked-at"]) is { } checkedAt
            && ResultField.Time(entry["valid-until"]) is { } validUntil && ResultLinks.Read(entry) is { } links
            ? new CheckRun(
                entry, entry["control"]!, entry["verdict"] == "verified", entry["message"] ?? "", entry["posture"] ?? "", checkedAt < entry.At ? checkedAt : entry.At, validUntil,
                TimeSpan.FromMilliseconds(ResultField.Number(entry["took-ms"]) ?? 0), entry["change"] == "yes", ResultField.Time(entry["failed-last-at"]), links)
            : null;
}

/// <summary>A run of a drill, as the operator's log has it.</summary>
/// <param name="BeganAt">When it began; never later than the entry.</param>
/// <param name="SeenRed">Whether the check saw what the drill broke.</param>
internal sealed record DrillRun(VerifiedEntry Entry, string Control, bool SeenRed, string Message, DateTimeOffset BeganAt)
{
    public static DrillRun? Read(VerifiedEntry entry) =>
        entry["control"] is { Length: > 0 } control && entry["seen-red"] is "yes" or "no"
            ? new DrillRun(entry, entry["control"]!, entry["seen-red"] == "yes", entry["message"] ?? "",
                ResultField.Time(entry["began-at"]) is { } began && began < entry.At ? began : entry.At)
            : null;
}

/// <summary>
/// What ties a result to the results before it, so that none can be left out unseen and none is searched for: the running number and the
/// leaf hash of the one before, and the indexes of the newest change, drill and posture.
/// </summary>
/// <param name="Sequence">From 1; each result, drill and posture has the next.</param>
/// <param name="Previous">The leaf hash, in lower-case hex, of the one before; empty for the first.</param>
/// <param name="Change">The index of the newest change before this one, of whatever control; null where there was none.</param>
/// <param name="Drill">The newest drill of this control.</param>
/// <param name="DrillSeenRed">The newest drill of this control that was seen.</param>
/// <param name="Posture">The newest adopted posture.</param>
internal sealed record ResultLinks(long Sequence, string Previous, long? Change, long? Drill, long? DrillSeenRed, long? Posture)
{
    public IEnumerable<AuditField> Fields =>
    [
        new("sequence", Sequence.ToString(CultureInfo.InvariantCulture)),
        new("previous", Previous),
        new("change-before", Text(Change)),
        new("drill", Text(Drill)),
        new("drill-seen-red", Text(DrillSeenRed)),
        new("posture-entry", Text(Posture)),
    ];

    /// <summary>Null where the running number is missing, or a link doesn't lead back.</summary>
    public static ResultLinks? Read(VerifiedEntry entry)
    {
        if (ResultField.Number(entry["sequence"]) is not ({ } sequence and > 0)) return null;
        var links = new ResultLinks(
            sequence, entry["previous"] ?? "", ResultField.Number(entry["change-before"]), ResultField.Number(entry["drill"]),
            ResultField.Number(entry["drill-seen-red"]), ResultField.Number(entry["posture-entry"]));
        return new[] { links.Change, links.Drill, links.DrillSeenRed, links.Posture }.All(link => link is null || link < entry.Index) ? links : null;
    }

    private static string Text(long? index) => index?.ToString(CultureInfo.InvariantCulture) ?? "";
}

/// <summary>Reads the fields of results.</summary>
internal static class ResultField
{
    public static DateTimeOffset? Time(string? text) => TrustStatement.ParseTime(text);

    /// <summary>A whole number of at most 18 digits.</summary>
    public static long? Number(string? text) =>
        text is { Length: > 0 and <= 18 } && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
