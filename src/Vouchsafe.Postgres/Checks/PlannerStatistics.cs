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

    // Those that the manifest doesn't know, and the expressions of indexes.
    private const string Others =
        """
        select quote_ident(a.attname), true from pg_attribute a where a.attrelid = to_regclass($1) and a.attnum > 0 and not a.attisdropped
        union
        select '(' || pg_get_indexdef(i.indexrelid, n, false) || ')', false
        from pg_index i cross join generate_series(1, i.indnatts) n where i.indrelid = to_regclass($1) and i.indkey[n - 1] = 0
        order by 1
        """;

    /// <returns>Which column it knows something about, as a sentence; null where it knows nothing.</returns>
    internal static async Task<string?> TryAsync(AppLogin login, JsonObject seen, CancellationToken cancellationToken)
    {
        var asked = 0;
        foreach (var table in login.Tables)
        {
            if (await EstimateAsync(login, table.Name, "true", cancellationToken) is not { } rows)
                return $"EXPLAIN of {table.Name} is refused to the application's login, which is to read it.";
            var expressions = (await login.ListAsync(Others, row => row.GetBoolean(1) ? $"t.{row.GetString(0)}" : row.GetString(0), cancellationToken, table.Name))
                .Union(table.Columns.Select(column => $"t.{column}"))
                .Where(expression => expression == "t.tenant_id" || !table.Shared.Contains(expression[2..].Trim('"')));
            foreach (var expression in expressions)
            {
                asked++;
                if (await EstimateAsync(login, table.Name, $"{expression} is null", cancellationToken) is not { } nulls)
                    return $"EXPLAIN of {table.Name}, {expression} is refused to the application's login, which is to read it.";
                if (Math.Abs(nulls / rows - Unknown) > Unknown / 100)
                    return $"EXPLAIN shows the application's login statistics of {table.Name}, {expression}: estimates tell one tenant about the rows of the others.";
            }
        }

        seen["columnsWithoutStatistics"] = asked;
        return null;
    }

    /// <returns>Null where it is refused.</returns>
    private static async Task<double?> EstimateAsync(AppLogin login, string table, string condition, CancellationToken cancellationToken)
    {
        // Judged above the outer join: the condition isn't one on the table alone, whose estimate would be rounded first.
        var plan = await login.TryAsync(null, $"explain (format json) select from generate_series(1, {Amplified}) g left join {table} t on true where {condition}", cancellationToken);
        if (plan.First is not string text)
            return null;
        using var read = JsonDocument.Parse(text);
        return read.RootElement[0].GetProperty("Plan").GetProperty("Plan Rows").GetDouble();
    }
}
