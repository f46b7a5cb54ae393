using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vouchsafe.Postgres.Linting;

namespace Vouchsafe.Cli.Tenancy;

/// <summary>What <c>tenancy lint</c> prints.</summary>
internal sealed record LintText(IReadOnlyList<LintFinding> Findings, IReadOnlyList<(LintFinding Finding, IgnoredSchema By)> Ignored, IReadOnlyList<string> Unseen, bool ReportOnly)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static LintText Of(LintReport report, IgnoreList ignore, bool reportOnly)
    {
        var judged = report.Findings.Select(finding => (Finding: finding, By: ignore.Covering(finding))).ToList();
        return new LintText([.. judged.Where(found => found.By is null).Select(found => found.Finding)],
            [.. judged.Where(found => found.By is not null).Select(found => (found.Finding, found.By!))], report.Unseen, reportOnly);
    }

    public string Plain()
    {
        var text = new StringBuilder();
        foreach (var finding in Findings)
            text.Append(finding).Append('\n');
        foreach (var (finding, by) in Ignored)
            text.Append(CultureInfo.InvariantCulture, $"ignored ({by.Schema}: {by.Reason}): {finding}\n");
        foreach (var unseen in Unseen)
            text.Append(CultureInfo.InvariantCulture, $"not looked at: {unseen}\n");
        text.Append(CultureInfo.InvariantCulture, $"{(Findings.Count == 0 ? "No finding" : Findings.Count == 1 ? "1 finding" : $"{Findings.Count} findings")} by {TenancyLinter.RuleNames.Count} rules, {Ignored.Count} ignored.");
        return text.Append(ReportOnly ? " Report only: this ends with 0 whatever was found." : "").ToString();
    }

    public string Json() => new JsonObject
    {
        ["findings"] = new JsonArray([.. Findings.Select(finding => Json(finding))]),
        ["ignored"] = new JsonArray([.. Ignored.Select(found => Json(found.Finding, found.By.Reason))]),
        ["unseen"] = new JsonArray([.. Unseen.Select(unseen => (JsonNode)unseen)]),
        ["rules"] = TenancyLinter.RuleNames.Count,
        ["reportOnly"] = ReportOnly,
    }.ToJsonString(Indented);

    private static JsonNode Json(LintFinding finding, string? reason = null)
    {
        var json = new JsonObject { ["rule"] = finding.Rule, ["object"] = finding.Object, ["message"] = finding.Message, ["remedy"] = finding.Remedy };
        if (reason is not null)
            json["reason"] = reason;
        return json;
    }
}
