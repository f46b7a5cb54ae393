using Npgsql;

namespace Vouchsafe.Postgres.Linting;

/// <summary>
/// PostgreSQL's own functions, operators, casts, types and languages, and the views that the linter reads, by one hash for each major version: they are
/// the same wherever that version runs. Which of them was changed the hash can't say.
/// </summary>
internal static class BuiltinDigest
{
    internal const string Name = "builtin.digest";

    /// <summary>Major version to hash, as a fresh cluster of that version gives it.</summary>
    private static readonly Dictionary<int, string> Known = new()
    {
        [15] = "77a5243cbe6b69ccd451aa03e6a9c8921484297a399373d5387665eb46f20ed3",
    };

    internal const string Query =
        """
        select current_setting('server_version_num')::integer / 10000, encode(sha256(convert_to(string_agg(what, E'\n' order by class, id), 'UTF8')), 'hex') from
        (
            select 1 as class, oid::bigint as id, concat_ws('|', oid::bigint, proname, pronamespace::bigint, proowner::bigint, prolang::bigint, provariadic::bigint, prosupport::oid::bigint, prokind, prosecdef, proleakproof, proisstrict, proretset,
                   provolatile, proparallel, prorettype::bigint, proargtypes, proallargtypes, proargmodes, prosrc, probin, prosqlbody, proconfig) as what from pg_proc where oid < 10000
            union all select 2, oid::bigint, concat_ws('|', oid::bigint, oprname, oprnamespace::bigint, oprleft::bigint, oprright::bigint, oprresult::bigint, oprcom::bigint, oprnegate::bigint, oprcode::oid::bigint, oprrest::oid::bigint, oprjoin::oid::bigint)
                from pg_operator where oid < 10000
            union all select 3, oid::bigint, concat_ws('|', castsource::bigint, casttarget::bigint, castfunc::bigint, castcontext, castmethod) from pg_cast where oid < 12000
            union all select 4, oid::bigint, concat_ws('|', oid::bigint, typname, typinput::oid::bigint, typoutput::oid::bigint, typreceive::oid::bigint, typsend::oid::bigint, typtype) from pg_type where oid < 10000
            union all select 5, oid::bigint, concat_ws('|', lanname, lanpltrusted, lanplcallfoid::bigint, laninline::bigint) from pg_language where oid < 12000
            union all select 6, aggfnoid::oid::bigint, concat_ws('|', aggfnoid::oid::bigint, aggtransfn::oid::bigint, aggfinalfn::oid::bigint, aggcombinefn::oid::bigint) from pg_aggregate where aggfnoid::oid < 10000
            union all select 7, oid::bigint, concat_ws('|', amopfamily::bigint, amoplefttype::bigint, amoprighttype::bigint, amopstrategy, amopopr::bigint, amopmethod::bigint) from pg_amop where oid < 12000
            union all select 8, oid::bigint, concat_ws('|', amprocfamily::bigint, amproclefttype::bigint, amprocrighttype::bigint, amprocnum, amproc::oid::bigint) from pg_amproc where oid < 12000
            union all select 9, row_number() over (order by v.name), v.name || '|' || pg_get_viewdef(v.name::regclass) from
                (values ('pg_roles'), ('pg_settings'), ('pg_publication_tables'), ('pg_replication_slots'), ('pg_seclabels')) v (name)
        ) own
        """;

    internal static async Task LintAsync(NpgsqlConnection connection, List<LintFinding> findings, List<string> unseen, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Query, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var (major, digest) = (reader.GetInt32(0), reader.GetString(1));
        if (!Known.TryGetValue(major, out var expected))
            unseen.Add($"whether PostgreSQL {major}'s own functions are as they were made (no hash of that version is known)");
        else if (digest != expected)
            findings.Add(new LintFinding(Name, $"PostgreSQL {major}", "The server's own functions, operators, types or views aren't as that version makes them.",
                "Initialise a fresh cluster and restore into it."));
    }
}
