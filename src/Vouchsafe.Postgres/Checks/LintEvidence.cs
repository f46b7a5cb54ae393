using System.Text.Json.Nodes;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Postgres.Linting;

namespace Vouchsafe.Postgres.Checks;

/// <summary>A report of the linter as the evidence of a check.</summary>
internal static class LintEvidence
{
    /// <returns>Null where nothing was found.</returns>
    internal static Finding? Broken(LintReport report)
    {
        var findings = report.Findings;
        return findings.Count == 0 ? null : Finding.Broken(
            // The names of all stand in the evidence; the message has room for the first ones.
            string.Join(" ", findings.Take(3).Select(finding => $"{finding.Object}: {finding.Message}")) + (findings.Count > 3 ? $" And {findings.Count - 3} more." : ""),
            new JsonObject { ["findings"] = new JsonArray([.. findings.Select(finding => JsonValue.Create($"{finding.Rule}: {finding.Object}"))]) });
    }

    internal static JsonArray Unseen(LintReport report) => new([.. report.Unseen.Select(unseen => JsonValue.Create(unseen))]);
}
