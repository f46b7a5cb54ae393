using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vouchsafe.Transparency.Exports;

namespace Vouchsafe.Cli.Auditing;

/// <summary>A report for people, and for machines.</summary>
internal static class ReportText
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="oldest">Cosignatures from before are too old; null: none is.</param>
    public static string Plain(ExportReport report, DateTimeOffset? oldest = null)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Word(report.Verdict)}: {Meaning(report)}");
        text.AppendLine(CultureInfo.InvariantCulture, $"  log         {report.Origin}, {report.Head.Size:N0} entries, root {Convert.ToBase64String(report.Head.Root.Bytes)}");
        text.AppendLine(CultureInfo.InvariantCulture, $"  read        {report.Entries:N0} entries; {report.Erased:N0} with erased values; {report.Pruned:N0} pruned before them");
        text.AppendLine(report.KeyTrusted
            ? $"  key         {report.VerifierKey}, as given"
            : $"  key         {report.VerifierKey}, by the export's own word: whoever altered it may have signed it anew. Give the log's key with --key");
        if (report.Handovers > 0)
            text.AppendLine(CultureInfo.InvariantCulture, $"  handed over {report.Handovers} times since the key that was known; this key signs since {report.KeySince:yyyy-MM-dd HH:mm:ss}Z");
        if (report.Previous != Continuity.NotAsked)
            text.AppendLine($"  before      {Meaning(report.Previous)}");
        if (report.RolledUp)
            text.AppendLine(report.RollUpTrusted
                ? $"  roll-up     {report.RollUpKey}, as given, holds this checkpoint"
                : $"  roll-up     {report.RollUpKey}, by the export's own word, holds this checkpoint: it may be anybody's log. Give the instance's with --roll-up");
        if (report.WitnessesAsked > 0)
            text.AppendLine(CultureInfo.InvariantCulture, $"  witnesses   witnessed by {report.Witnessed} of {report.WitnessesAsked}{(report.Witnessed < report.WitnessesAsked ? ": whoever didn't cosign may be shown another history" : "")}");
        foreach (var cosigned in report.Cosigned)
            text.AppendLine(CultureInfo.InvariantCulture, $"              {cosigned.Witness}: {Cosigned(cosigned.At, oldest)}");
        foreach (var finding in report.Findings)
            text.AppendLine($"  {Word(finding.Kind),-11} {finding.Message}{(finding.Time is { } time ? $" It was recorded {Iso(time)}." : "")}");
        if (report.Uncompared > 0)
            text.AppendLine(CultureInfo.InvariantCulture, $"  uncompared  {report.Uncompared:N0} entries are dated too far back to tell whether they stand in the log twice");
        if (report.FindingCount > report.Findings.Count)
            text.AppendLine(CultureInfo.InvariantCulture, $"  and {report.FindingCount - report.Findings.Count:N0} findings more");
        return text.ToString().TrimEnd();
    }

    /// <inheritdoc cref="Plain"/>
    public static string Json(ExportReport report, DateTimeOffset? oldest = null) => new JsonObject
    {
        ["verdict"] = Word(report.Verdict),
        ["origin"] = report.Origin,
        ["size"] = report.Head.Size,
        ["root"] = Convert.ToBase64String(report.Head.Root.Bytes),
        ["entries"] = report.Entries,
        ["erased"] = report.Erased,
        ["pruned"] = report.Pruned,
        ["uncompared"] = report.Uncompared,
        ["key"] = report.VerifierKey,
        ["keyTrusted"] = report.KeyTrusted,
        ["previous"] = Word(report.Previous),
        ["rolledUp"] = report.RolledUp,
        ["rollUpKey"] = report.RolledUp ? report.RollUpKey : null,
        ["rollUpTrusted"] = report.RollUpTrusted,
        ["witnessed"] = report.Witnessed,
        ["witnessesAsked"] = report.WitnessesAsked,
        ["cosigned"] = new JsonArray([.. report.Cosigned.Select(cosigned => (JsonNode)new JsonObject
        {
            ["witness"] = cosigned.Witness,
            ["at"] = cosigned.At is { } at ? Iso(at) : null,
            ["tooOld"] = cosigned.At < oldest,
        })]),
        ["handovers"] = report.Handovers,
        ["keySince"] = report.KeySince is { } since ? Iso(since) : null,
        ["findingCount"] = report.FindingCount,
        ["findings"] = new JsonArray([.. report.Findings.Select(finding => (JsonNode)new JsonObject
        {
            ["kind"] = Word(finding.Kind),
            ["index"] = finding.Index,
            ["last"] = finding.Last,
            ["time"] = finding.Time is { } time ? Iso(time) : null,
            ["message"] = finding.Message,
        })]),
    }.ToJsonString(Indented);

    /// <summary>Where nothing could be said.</summary>
    public static string Json(string error) => new JsonObject { ["verdict"] = null, ["error"] = error }.ToJsonString(Indented);

    private static string Cosigned(DateTimeOffset? at, DateTimeOffset? oldest) =>
        at is not { } time ? "no cosignature, or one dated in the future"
        : string.Create(CultureInfo.InvariantCulture, $"cosigned at {time:yyyy-MM-dd HH:mm:ss}Z{(time < oldest ? ", longer ago than --max-age allows" : "")}");

    private static string Iso(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static string Meaning(ExportReport report) => report.Verdict switch
    {
        ExportVerdict.Valid => "every entry is there, in its place, as it was recorded.",
        ExportVerdict.LawfullyErased => "every entry is there as it was recorded; what is erased, the log records as erased.",
        ExportVerdict.Pruned => "every entry that was not pruned is there as it was recorded, and the log records the pruning.",
        ExportVerdict.SplitView => "this log has shown somebody else another history.",
        _ => "this is not what the log signed, or not all of it.",
    };

    private static string Meaning(Continuity previous) => previous switch
    {
        Continuity.Continues => "the log continues each earlier checkpoint",
        Continuity.RolledBack => "the log is smaller than an earlier checkpoint",
        Continuity.Differs => "the log does not continue an earlier checkpoint",
        _ => "can't be told: an earlier checkpoint lies among pruned entries (export with ?since=SIZE), or hashes were altered",
    };

    /// <summary><c>LawfullyErased</c> as <c>lawfully-erased</c>.</summary>
    private static string Word<T>(T value) where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
