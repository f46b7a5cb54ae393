using System.Text.RegularExpressions;
using Vouchsafe.Postgres.Linting;
using Vouchsafe.Postgres.Linting.Manifests;

namespace Vouchsafe.Manifests.Tests.Server;

/// <summary>Which of the server's catalogues the linter reads.</summary>
internal static partial class CatalogueCoverage
{
    /// <summary>Named in a query of the inventory, of the digest or of a rule.</summary>
    internal static IReadOnlySet<string> Read { get; } =
        new[] { InventoryQueries.Scope, Catalogue.Statement(TenancyLinter.Rules) }.Concat(InventoryQueries.All).Concat(ServerDigest.Rows.Values).Concat(ServerDigest.Trees.Values)
            .SelectMany(query => CatalogueName().Matches(query).Select(match => match.Value)).ToHashSet(StringComparer.Ordinal);

    /// <summary>The others, and why.</summary>
    internal static IReadOnlyDictionary<string, string> NotRead { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["pg_authid"] = "by the view pg_roles, whose definition is in the digest; the passwords are nobody's to read",
        ["pg_description"] = "by obj_description: a table's class",
        ["pg_shdescription"] = "texts alone",
        ["pg_largeobject"] = "by pg_largeobject_metadata: there is to be none",
        ["pg_replication_origin"] = "names of what was replicated; nothing acts on one without a subscription",
        ["pg_seclabel"] = "by the view pg_seclabels",
        ["pg_shseclabel"] = "by the view pg_seclabels",
        ["pg_sequence"] = "a sequence's bounds open nothing",
        ["pg_shdepend"] = "keeps a role from being dropped; gives no right",
        ["pg_statistic_ext_data"] = "of use to the planner with its row of pg_statistic_ext alone, and there is to be none on a tenant's table",
        ["pg_subscription_rel"] = "with pg_subscription alone: there is to be none",
        ["pg_user_mapping"] = "by the view pg_user_mappings",
    };

    /// <summary>Whether the inventory reads a column of trees, for a manifest to hold its hash.</summary>
    internal static bool ReadsTree(string column) => InventoryQueries.All.Any(query => Regex.IsMatch(query, $@"\({Alias}{column}\)::text|\(select {Alias}{column} from|\({column}\)::text"));

    /// <summary>Whether the digest reads a column of trees of the server's own rows.</summary>
    internal static bool ReadsServersTree(string catalogue, string column) => ServerDigest.Trees.TryGetValue(catalogue, out var query) && query.Contains($"{column}::text", StringComparison.Ordinal);

    /// <summary>Catalogues of which the server's own rows need no hash of trees, because the inventory reads every row of them.</summary>
    internal static readonly string[] WholeInInventory = ["pg_policy", "pg_trigger", "pg_statistic_ext", "pg_publication_rel"];

    private const string Alias = @"[a-z]\.";

    [GeneratedRegex(@"\bpg_[a-z_]+\b")]
    private static partial Regex CatalogueName();
}
