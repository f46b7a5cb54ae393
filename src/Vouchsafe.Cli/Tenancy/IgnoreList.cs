using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Vouchsafe.Postgres.Linting;

namespace Vouchsafe.Cli.Tenancy;

/// <summary>Findings of a schema that are accepted for now, and why. They are still counted and shown.</summary>
/// <param name="Schema">As the catalogue writes it.</param>
/// <param name="Rule">One rule; null: all that can be about a schema.</param>
/// <param name="Reason">For whoever reads the report.</param>
internal sealed record IgnoredSchema(string Schema, string? Rule, string Reason);

/// <summary>The file of <c>--ignore</c>: <c>{ "ignore": [ { "schema": "legacy", "rule": "table.undeclared", "reason": "…" } ] }</c>.</summary>
internal sealed partial class IgnoreList(IReadOnlyList<IgnoredSchema> entries)
{
    // Findings about roles, settings, the server and the context aren't any schema's, so nothing in the file covers them.
    private static readonly string[] OfSchemas = ["table.", "policy.", "partition.", "key.", "view.", "function.", "grant.", "manifest.", "object.", "publication"];

    private static readonly JsonSerializerOptions Strict = new() { PropertyNameCaseInsensitive = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    public static IgnoreList Nothing { get; } = new([]);

    /// <exception cref="FormatException">The text is no such file, or an entry lacks its schema or its reason.</exception>
    public static IgnoreList Read(string json)
    {
        try
        {
            var file = JsonSerializer.Deserialize<IgnoreFile>(json, Strict);
            var entries = file?.Ignore ?? throw new FormatException("The ignore file holds no list \"ignore\".");
            foreach (var entry in entries)
            {
                if (string.IsNullOrWhiteSpace(entry.Schema))
                    throw new FormatException("An entry of the ignore file names no schema.");
                if (string.IsNullOrWhiteSpace(entry.Reason))
                    throw new FormatException($"The ignore file gives no reason for the schema {entry.Schema}.");
                if (entry.Schema == "information_schema" || entry.Schema.StartsWith("pg_", StringComparison.Ordinal))
                    throw new FormatException($"The schema {entry.Schema} is PostgreSQL's own; its findings can't be ignored.");
                if (KnownModules.Schemas.Contains(entry.Schema))
                    throw new FormatException($"The schema {entry.Schema} is Vouchsafe's own; its findings can't be ignored.");
            }

            return new IgnoreList([.. entries.Select(entry => new IgnoredSchema(entry.Schema!, entry.Rule, entry.Reason!))]);
        }
        catch (JsonException broken)
        {
            throw new FormatException($"The ignore file can't be read: {broken.Message}", broken);
        }
    }

    /// <returns>The entry that covers the finding; null where none does.</returns>
    public IgnoredSchema? Covering(LintFinding finding)
    {
        if (!OfSchemas.Any(prefix => finding.Rule.StartsWith(prefix, StringComparison.Ordinal)))
            return null;
        var named = SchemaName().Match(finding.Object) is { Success: true } match ? match.Groups["schema"].Value : finding.Object;
        return entries.FirstOrDefault(entry => entry.Schema == named && (entry.Rule is null || entry.Rule == finding.Rule));
    }

    [GeneratedRegex("""(^|\s)schema (?<schema>"[^"]+"|[\w$]+)$|(^|\s)(?<schema>"[^"]+"|[\w$]+)\.""", RegexOptions.CultureInvariant)]
    private static partial Regex SchemaName();

    private sealed record IgnoreFile(List<Entry>? Ignore);

    private sealed record Entry(string? Schema, string? Rule, string? Reason);
}
