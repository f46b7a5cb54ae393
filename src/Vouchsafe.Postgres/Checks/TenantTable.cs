using System.Text.RegularExpressions;
using Vouchsafe.Postgres.Linting.Manifests;

namespace Vouchsafe.Postgres.Checks;

/// <summary>A table of tenants that the application's login may read, as the manifest in the binary declares it.</summary>
/// <param name="Name">With its schema, quoted where it must be.</param>
/// <param name="Owned">Whether its rows have owners.</param>
/// <param name="Deletable">Whether it was declared with the right to delete.</param>
/// <param name="Columns">Quoted where they must be.</param>
/// <param name="Shared">Columns whose statistics were declared as safe to share.</param>
internal sealed partial record TenantTable(string Name, bool Owned, bool Deletable, IReadOnlyList<string> Columns, IReadOnlySet<string> Shared)
{
    private const string TableKey = "table ", ColumnKey = "column ";

    internal static List<TenantTable> Of(SchemaManifest manifest)
    {
        var columns = manifest.Objects.Where(entry => entry.Key.StartsWith(ColumnKey, StringComparison.Ordinal) && entry.Value.Parent is not null).ToLookup(entry => entry.Value.Parent!, entry => entry.Key, StringComparer.Ordinal);
        var tables = new List<TenantTable>();
        foreach (var (key, entry) in manifest.Objects)
            if (key.StartsWith(TableKey, StringComparison.Ordinal) && Declaration().Match(entry.Facts.GetValueOrDefault("class", "")) is { Success: true } declared
                && declared.Groups["right"].Captures.Any(right => right.Value == "select"))
                tables.Add(new TenantTable(
                    key[TableKey.Length..], declared.Groups["class"].Value == "owned", declared.Groups["right"].Captures.Any(right => right.Value == "delete"),
                    [.. columns[key].Select(column => column[(ColumnKey.Length + key.Length - TableKey.Length + 1)..])],
                    declared.Groups["shared"].Captures.Select(column => column.Value).ToHashSet(StringComparer.Ordinal)));
        return tables;
    }

    [GeneratedRegex("^vouchsafe:(?<class>tenant|owned) (?<right>[a-z]+)(, ?(?<right>[a-z]+))*( statistics=(?<shared>[a-z0-9_]+)(,(?<shared>[a-z0-9_]+))*)?( because .+)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Declaration();
}
