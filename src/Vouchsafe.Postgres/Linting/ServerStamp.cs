using System.Collections.Concurrent;
using Npgsql;

namespace Vouchsafe.Postgres.Linting;

/// <summary>
/// Tells whether the server's own rows can have changed since their hashes were last as they should be, so that 11,000 rows needn't be printed at each
/// look. Kept in this process alone; the first look of each reads everything.
/// </summary>
/// <remarks>
/// The stamp is a hash, for each catalogue, over the place (ctid) and the writing transaction (xmin) of every row. A transaction that has ended writes nothing
/// more, so no other row can have both; a sum of transaction ids could be evened out with ids that were set aside. Rights stand in the same rows: a grant on a
/// function of the server has everything read again. Rows come in the order of the file; another order only has everything read once more.
/// </remarks>
internal static class ServerStamp
{
    // Of these oid isn't the column that tells the server's own rows, or the server's own may have higher ones.
    private static readonly Dictionary<string, string> Conditions = new(StringComparer.Ordinal)
    {
        ["pg_proc"] = $"oid < 16384 or {ServerDigest.HandlerOfPlpgsql}",
        ["pg_rewrite"] = "oid < 16384 or ev_class < 16384",
        ["pg_range"] = "rngtypid < 16384",
        ["pg_aggregate"] = "aggfnoid < 16384",
        ["pg_attribute"] = "attrelid < 16384",
        ["pg_attrdef"] = "adrelid < 16384",
        ["pg_index"] = "indexrelid < 16384",
        ["pg_init_privs"] = "objoid < 16384",
        ["pg_inherits"] = "inhrelid < 16384 or inhparent < 16384",
        ["pg_ts_config_map"] = "mapcfg < 16384",
        ["pg_depend"] = "refclassid = 'pg_extension'::regclass",
        ["pg_language"] = "true",
        ["pg_extension"] = "true",
    };

    private static readonly ConcurrentDictionary<string, string> LastGood = new(StringComparer.Ordinal);

    internal static string Query { get; } =
        $"""
        select concat_ws(' ', (select oid from pg_database where datname = current_database()), pg_postmaster_start_time(),
        {string.Join(",\n", ServerDigest.Rows.Keys.Union(Conditions.Keys).Select(catalogue =>
            $"(select encode(sha256(coalesce(string_agg(tidsend(p.ctid) || xidsend(p.xmin), ''), '')), 'hex') from {catalogue} p where {Conditions.GetValueOrDefault(catalogue, "oid < 16384")})"))})
        """;

    /// <summary>Whether nothing was written since <see cref="Remember"/>.</summary>
    internal static bool Matches(NpgsqlConnection connection, string stamp) => LastGood.TryGetValue(Place(connection), out var last) && last == stamp;

    /// <param name="stamp">Read in the snapshot in which the hashes were as they should be.</param>
    internal static void Remember(NpgsqlConnection connection, string stamp) => LastGood[Place(connection)] = stamp;

    private static string Place(NpgsqlConnection connection) => $"{connection.Host}:{connection.Port}/{connection.Database}";
}
