using Vouchsafe.Postgres.Linting.Trees;

namespace Vouchsafe.Postgres.Linting.Manifests;

/// <summary>Holds the live catalogue to the manifest.</summary>
internal static class ManifestComparison
{
    internal const string Absent = "manifest.absent";
    internal const string Unknown = "manifest.unknown";
    internal const string Missing = "manifest.missing";
    internal const string Changed = "manifest.changed";

    internal static readonly string[] Rules = [Absent, Unknown, Missing, Changed];

    internal static IEnumerable<LintFinding> Compare(Dictionary<string, CatalogueObject> live, LintBaseline baseline, List<string> unseen)
    {
        var otherTrees = 0;
        foreach (var module in baseline.WithoutManifest)
            yield return new LintFinding(Absent, module, "The module's assembly holds no manifest of its schema, so nothing in the database can be held to it.",
                "Write one from a database made by the migrations alone: `vouchsafe tenancy manifest`, and embed it as manifest.json.");
        var expected = baseline.Manifest.Objects;
        foreach (var found in live.Values.OrderBy(found => found.Key, StringComparer.Ordinal))
        {
            if (!expected.TryGetValue(found.Key, out var entry))
            {
                // What hangs on an unknown table is named with it.
                if (!live.ContainsKey(found.Parent) || expected.ContainsKey(found.Parent))
                    yield return new LintFinding(Unknown, found.Key, "No migration makes this: it is in no module's manifest.", "Drop it, or make it in a migration and write the manifest anew.");
                continue;
            }

            var differences = found.Facts.Keys.Union(entry.Facts.Keys).Order(StringComparer.Ordinal)
                .Where(fact => found.Facts.GetValueOrDefault(fact) != entry.Facts.GetValueOrDefault(fact) && !(fact == TreeHash.Fact && IsOfAnotherMajor(found, entry)))
                .Select(fact => Describe(fact, found.Facts.GetValueOrDefault(fact), entry.Facts.GetValueOrDefault(fact))).ToList();
            if (IsOfAnotherMajor(found, entry))
                otherTrees++;
            if (differences.Count > 0)
                yield return new LintFinding(Changed, found.Key, $"It isn't what its migration made: {string.Join("; ", differences)}.",
                    "Undo the change, or make it in a migration and write the manifest anew.");
        }

        foreach (var (key, entry) in expected)
            // A server may do without the schema public.
            if (!live.ContainsKey(key) && key != "schema public" && (entry.Parent is null || live.ContainsKey(entry.Parent)))
                yield return new LintFinding(Missing, key, "It is gone: the manifest has it, the database doesn't.", "Run the migrations, or make it again as they do.");
        if (otherTrees > 0)
            unseen.Add($"the stored expressions of {otherTrees} objects, apart from what the server prints of them (the manifest was written on another major version of PostgreSQL)");
    }

    private static bool IsOfAnotherMajor(CatalogueObject found, ManifestEntry entry) =>
        found.Facts.TryGetValue(TreeHash.Fact, out var live) && entry.Facts.TryGetValue(TreeHash.Fact, out var signed) && !TreeHash.AreComparable(live, signed);

    private static string Describe(string fact, string? found, string? expected) => fact is TreeHash.Fact || fact is "body" or "definition" && found?.Length == 64
        ? $"{fact} differs"
        : $"{fact} is {Short(found)}, not {Short(expected)}";

    private static string Short(string? value) => value is null ? "unset" : value.Length <= 120 ? value : value[..120] + "…";
}
