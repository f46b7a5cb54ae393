using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vouchsafe.Postgres.Checks;

/// <summary>Asks EXPLAIN what it knows about the columns of tenants' tables. It is to know nothing: what it knows, it knows of every tenant.</summary>
/// <remarks>
/// Where a column has statistics, how many rows EXPLAIN expects to be null is the fraction that ANALYZE found, even where every other estimate is withheld
/// (for operators that aren't leakproof). Where it has none, it is one in 200 (<c>DEFAULT_UNK_SEL</c> of the server). So this one question finds them,
/// whatever the type, and needs no foreign value.
/// </remarks>
internal static class PlannerStatistics
{
    private const double Unknown = 0.005;

    // An estimate below one row is shown as one; beside so many rows of another relation it is seen.
    private const int Amplified = 1_000_000;

    private const string Columns =
        """
        select format('t.%I', a.attname) as expression, a.attname <> 'tenant_id'
               and coalesce(a.attname = any (string_to_array(substring(obj_description(a.attrelid, 'pg_class') from ' statistics=([a-z0-9_,]+)$'), ',')), false) as shared
        from pg_attribute a where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped
        union
        select '(' || pg_get_indexdef(i.indexrelid, n, false) || ')', false
        from pg_index i cross join generate_series(1, i.indnatts) n where i.indrelid = $1::regclass and i.indkey[n - 1] = 0
        order by 1
        """;

    /// <returns>Which column it knows something about, as a sentence; null where it knows nothing.</returns>
    internal static async Task<string?> TryAsync(AppLogin login, JsonObject seen, CancellationToken cancellationToken)
    {
        var asked = 0;
        foreach (var (table, _, _) in login.Tables)
        {
            var rows = await EstimateAsync(login, table, "true", cancellationToken);
            foreach (var (expression, shared) in await login.ListAsync(Columns, row => (row.GetString(0), row.GetBoolean(1)), cancellationToken, table))
            {
                if (shared)
                    continue;
                asked++;
                var nulls = await EstimateAsync(login, table, $"{expression} is null", cancellationToken);
                if (Math.Abs(nulls / rows - Unknown) > Unknown / 100)
                    return $"EXPLAIN shows the application's login statistics of {table}, {expression}: estimates tell one tenant about the rows of the others.";
            }
        }

        seen["columnsWithoutStatistics"] = asked;
        return null;
    }

    private static async Task<double> EstimateAsync(AppLogin login, string table, string condition, CancellationToken cancellationToken)
    {
        // Judged above the outer join: the condition isn't one on the table alone, whose estimate would be rounded first.
        var plan = await login.TryAsync(null, $"explain (format json) select from generate_series(1, {Amplified}) g left join {table} t on true where {condition}", cancellationToken);
        using var read = JsonDocument.Parse(plan.First as string ?? throw new InvalidOperationException($"EXPLAIN of {table} was refused ({plan.SqlState})."));
        return read.RootElement[0].GetProperty("Plan").GetProperty("Plan Rows").GetDouble();
    }
}
