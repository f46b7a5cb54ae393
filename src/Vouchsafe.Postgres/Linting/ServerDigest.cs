using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Npgsql;
using Vouchsafe.Postgres.Linting.Trees;

namespace Vouchsafe.Postgres.Linting;

/// <summary>
/// Every object that initdb makes (oid below 16384), by one hash for each catalogue: functions, operators, types, casts, the system views, the information
/// schema, plpgsql. They are the same wherever a major version runs, whatever the cluster's locale, encoding and superuser. Which object was changed the hash can't say.
/// </summary>
/// <remarks>
/// Oids below 12000 are given by the source of PostgreSQL; those above, by initdb in passing, and they depend on how many locales the machine has. So such
/// objects are identified by their names. Rights are another rule's affair (<c>builtin.grant</c>), which rests on pg_init_privs, which is here.
/// </remarks>
internal static class ServerDigest
{
    internal const string Name = "builtin.digest";

    /// <summary>A condition on <c>pg_proc p</c>: the functions of plpgsql, which pg_upgrade makes anew, under higher oids.</summary>
    internal const string HandlerOfPlpgsql = "(p.pronamespace = 11 and p.proname in ('plpgsql_call_handler', 'plpgsql_inline_handler', 'plpgsql_validator'))";

    /// <summary>Major version to catalogue to hashes, as fresh clusters of that version give them: one for each minor version whose initdb wrote something else.</summary>
    private static readonly Dictionary<int, SortedDictionary<string, string[]>> Known = Read();

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Catalogue to the rows of it that are PostgreSQL's own.</summary>
    internal static readonly IReadOnlyDictionary<string, string> Rows = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["pg_proc"] =
            $"""
            select row({Function("p.oid")}, {Schema("p.pronamespace")}, p.proowner, {Language("p.prolang")}, p.procost, p.prorows, p.provariadic, p.prosupport::oid, p.prokind, p.prosecdef, p.proleakproof, p.proisstrict, p.proretset,
                       p.provolatile, p.proparallel, p.pronargdefaults, case when p.oid < 12000 then row(p.prorettype, p.proargtypes, p.proallargtypes, p.proargmodes, p.proargnames)::text else pg_get_function_result(p.oid) end,
                       case when p.pronargdefaults > 0 or p.oid >= 12000 then pg_get_function_arguments(p.oid) end, p.protrftypes, p.prosrc, p.probin, pg_get_function_sqlbody(p.oid), p.proconfig)
            from pg_proc p where p.oid < 16384 or {HandlerOfPlpgsql}
            """,
        ["pg_operator"] =
            """
            select row(oid, oprname, oprnamespace, oprowner, oprkind, oprcanmerge, oprcanhash, oprleft, oprright, oprresult, oprcom, oprnegate, oprcode::oid, oprrest::oid, oprjoin::oid) from pg_operator where oid < 16384
            """,
        ["pg_cast"] = "select row(castsource, casttarget, castfunc, castcontext, castmethod) from pg_cast where oid < 16384",
        ["pg_type"] =
            $"""
            select row({Type("oid")}, typname, {Schema("typnamespace")}, typowner, typlen, typbyval, typtype, typcategory, typispreferred, typisdefined, typdelim, case when typrelid < 12000 then typrelid end, typsubscript::oid,
                       {Type("typelem")}, {Type("typarray")}, typinput::oid, typoutput::oid, typreceive::oid, typsend::oid, typmodin::oid, typmodout::oid, typanalyze::oid, typalign, typnotnull, {Type("typbasetype")}, typtypmod,
                       typndims, typcollation, typdefault)
            from pg_type where oid < 16384
            """,
        ["pg_range"] = "select row(r.rngtypid, rngsubtype, rngmultitypid, rngcollation, rngsubopc, rngcanonical::oid, rngsubdiff::oid) from pg_range r where rngtypid < 16384",
        ["pg_aggregate"] =
            """
            select row(aggfnoid::oid, aggkind, aggnumdirectargs, aggtransfn::oid, aggfinalfn::oid, aggcombinefn::oid, aggserialfn::oid, aggdeserialfn::oid, aggmtransfn::oid, aggminvtransfn::oid, aggmfinalfn::oid, aggsortop,
                       aggtranstype, aggmtranstype, agginitval, aggminitval)
            from pg_aggregate where aggfnoid < 16384
            """,
        ["pg_am"] = "select row(oid, amname, amhandler::oid, amtype) from pg_am where oid < 16384",
        ["pg_amop"] = "select row(amopfamily, amoplefttype, amoprighttype, amopstrategy, amoppurpose, amopopr, amopmethod, amopsortfamily) from pg_amop where oid < 16384",
        ["pg_amproc"] = "select row(amprocfamily, amproclefttype, amprocrighttype, amprocnum, amproc::oid) from pg_amproc where oid < 16384",
        ["pg_opclass"] = "select row(oid, opcmethod, opcname, opcnamespace, opcowner, opcfamily, opcintype, opcdefault, opckeytype) from pg_opclass where oid < 16384",
        ["pg_opfamily"] = "select row(oid, opfmethod, opfname, opfnamespace, opfowner) from pg_opfamily where oid < 16384",
        ["pg_conversion"] = "select row(oid, conname, connamespace, conowner, conforencoding, contoencoding, conproc::oid, condefault) from pg_conversion where oid < 16384",
        // Those with higher oids are what the machine has locales for.
        ["pg_collation"] = "select row(oid, collname, collnamespace, collowner, collprovider, collisdeterministic) from pg_collation where oid < 12000",
        ["pg_language"] =
            $"""
            select row(lanname, lanowner, lanispl, lanpltrusted, {Function("lanplcallfoid")}, {Function("laninline")}, {Function("lanvalidator")}) from pg_language where oid < 16384 or lanname = 'plpgsql'
            """,
        ["pg_namespace"] = "select row(nspname, nspowner) from pg_namespace where oid < 16384 and nspname <> 'public'",
        ["pg_extension"] =
            """
            select row(extname, extowner, extnamespace::regnamespace, extversion, extconfig, extcondition,
                       (select string_agg(i.type || ' ' || i.identity, ', ' order by i.identity collate "C") from pg_depend d cross join lateral pg_identify_object(d.classid, d.objid, d.objsubid) i
                        where d.refclassid = 'pg_extension'::regclass and d.refobjid = e.oid and d.deptype = 'e'))
            from pg_extension e where e.oid < 16384 or e.extname = 'plpgsql'
            """,
        // A TOAST table of the information schema carries an oid in its name; the inventory looks at it.
        ["pg_class"] =
            $"""
            select row({Relation("oid")}, relname, {Schema("relnamespace")}, {Type("reltype")}, relowner, relam, reltablespace, case when oid < 12000 then reltoastrelid end, relisshared, relpersistence, relkind, relnatts, relchecks,
                       relhasrules, relhastriggers, relrowsecurity, relforcerowsecurity, relispartition, reloptions)
            from pg_class where oid < 16384 and (oid < 12000 or relnamespace <> 'pg_toast'::regnamespace)
            """,
        ["pg_attribute"] =
            $"""
            select row({Relation("attrelid")}, attname, attnum, {Type("atttypid")}, atttypmod, attnotnull, atthasdef, attidentity, attgenerated, attisdropped, attcollation)
            from pg_attribute where attnum > 0 and attrelid < 16384 and attrelid not in (select oid from pg_class where oid between 12000 and 16383 and relkind in ('t', 'i'))
            """,
        ["pg_attrdef"] = "select row(adrelid::regclass, adnum, pg_get_expr(adbin, adrelid)) from pg_attrdef where adrelid < 16384",
        ["pg_inherits"] = "select row(inhrelid::regclass, inhparent::regclass) from pg_inherits where inhrelid < 16384 or inhparent < 16384",
        ["pg_index"] =
            """
            select row(indexrelid, indrelid, indisunique, indisprimary, indimmediate, indisvalid, indisready, indislive, indkey, indcollation, indclass, indoption, indexprs is null, indpred is null) from pg_index where indexrelid < 12000
            """,
        ["pg_constraint"] =
            $"""
            select row(conname, connamespace::regnamespace, contype, condeferrable, convalidated, {Relation("conrelid")}, {Type("contypid")}, pg_get_constraintdef(oid)) from pg_constraint where oid < 16384
            """,
        ["pg_rewrite"] =
            """
            select row(ev_class::regclass, rulename, ev_type, ev_enabled, is_instead, case rulename when '_RETURN' then pg_get_viewdef(ev_class) else pg_get_ruledef(oid) end) from pg_rewrite where oid < 16384 or ev_class < 16384
            """,
        ["pg_ts_parser"] = "select row(oid, prsname, prsnamespace, prsstart::oid, prstoken::oid, prsend::oid, prsheadline::oid, prslextype::oid) from pg_ts_parser where oid < 16384",
        ["pg_ts_template"] = $"select row(tmplname, tmplnamespace, {Function("tmplinit")}, {Function("tmpllexize")}) from pg_ts_template where oid < 16384",
        ["pg_ts_dict"] = "select row(dictname, dictnamespace, dictowner, t.tmplname, dictinitoption) from pg_ts_dict d left join pg_ts_template t on t.oid = d.dicttemplate where d.oid < 16384",
        ["pg_ts_config"] =
            """
            select row(cfgname, cfgnamespace, cfgowner, cfgparser, (select string_agg(concat_ws(' ', m.maptokentype, m.mapseqno, d.dictname), ', ' order by m.maptokentype, m.mapseqno)
                                                                     from pg_ts_config_map m left join pg_ts_dict d on d.oid = m.mapdict where m.mapcfg = c.oid))
            from pg_ts_config c where c.oid < 16384
            """,
        ["pg_init_privs"] =
            """
            select row(i.classoid::regclass, o.type, o.identity, i.objsubid, i.privtype,
                       (select string_agg(concat_ws(' ', a.grantor, a.grantee, a.privilege_type, a.is_grantable), ', ' order by a.grantee, a.privilege_type collate "C") from aclexplode(i.initprivs) a))
            from pg_init_privs i cross join lateral pg_identify_object(i.classoid, i.objoid, i.objsubid) o where i.objoid < 16384
            """,
    };

    /// <summary>Catalogue to its own stored expressions and queries, each after the name of what it belongs to: what the server prints of a tree may leave something out.</summary>
    internal static readonly IReadOnlyDictionary<string, string> Trees = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["pg_attrdef"] = $"select concat_ws(' ', {Relation("adrelid")}, adnum), adbin::text from pg_attrdef where adrelid < 16384",
        ["pg_class"] = $"select {Relation("oid")}, relpartbound::text from pg_class where oid < 16384 and relpartbound is not null",
        ["pg_constraint"] = $"select concat_ws(' ', conname, {Relation("conrelid")}, {Type("contypid")}), conbin::text from pg_constraint where oid < 16384 and conbin is not null",
        ["pg_index"] = $"select {Relation("indexrelid")}, concat_ws(E'\n', indexprs::text, indpred::text) from pg_index where indexrelid < 16384 and (indexprs is not null or indpred is not null)",
        ["pg_partitioned_table"] = $"select {Relation("partrelid")}, partexprs::text from pg_partitioned_table where partrelid < 16384",
        ["pg_proc"] = $"select {Function("p.oid")}, concat_ws(E'\n', prosqlbody::text, proargdefaults::text) from pg_proc p where (p.oid < 16384 or {HandlerOfPlpgsql}) and (prosqlbody is not null or proargdefaults is not null)",
        ["pg_rewrite"] = "select concat_ws(' ', ev_class::regclass, rulename), concat_ws(E'\n', ev_qual::text, ev_action::text) from pg_rewrite where oid < 16384 or ev_class < 16384",
        ["pg_type"] = $"select {Type("oid")}, typdefaultbin::text from pg_type where oid < 16384 and typdefaultbin is not null",
    };

    /// <summary>Whether this binary knows the hashes of a major version.</summary>
    internal static bool Knows(int major) => Known.ContainsKey(major);

    /// <summary>The hash of each catalogue's own rows. It is taken here: the server that is judged isn't asked for it.</summary>
    /// <param name="connection">In a transaction whose search path is <c>pg_catalog, pg_temp</c>.</param>
    internal static async Task<SortedDictionary<string, string>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var rows in Rows.Values)
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"select coalesce(string_agg(what::text, E'\n' order by what::text collate \"C\"), '') from ({rows}) own (what)"));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var digests = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var catalogue in Rows.Keys)
        {
            await reader.ReadAsync(cancellationToken);
            digests.Add(catalogue, Convert.ToHexStringLower(SHA256.HashData(reader.GetFieldValue<byte[]>(0))));
            await reader.NextResultAsync(cancellationToken);
        }

        await reader.CloseAsync();
        foreach (var (catalogue, digest) in await ReadTreesAsync(connection, cancellationToken))
            digests.Add(catalogue, digest);
        return digests;
    }

    private static async Task<Dictionary<string, string>> ReadTreesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var read = Trees.Keys.ToDictionary(catalogue => catalogue, _ => new List<(string Name, string Tree)>(), StringComparer.Ordinal);
        await using (var command = new NpgsqlCommand(string.Join("\nunion all\n", Trees.Select(own => $"select '{own.Key}', name, tree from ({own.Value}) {own.Key}_trees (name, tree)")), connection))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
            while (await reader.ReadAsync(cancellationToken))
                read[reader.GetString(0)].Add((reader.GetString(1), reader.IsDBNull(2) ? "" : reader.GetString(2)));
        var names = await TreeNames.ReadAsync(read.Values.SelectMany(trees => trees).Select(own => own.Tree), connection, cancellationToken);
        return read.ToDictionary(
            own => own.Key + ".trees",
            own => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', own.Value.Select(tree => $"{tree.Name}:{NodeTree.Normalise(tree.Tree, names)}").Order(StringComparer.Ordinal))))),
            StringComparer.Ordinal);
    }

    /// <param name="accepted">Hashes that the operator has looked into, as <c>catalogue=hash</c>.</param>
    internal static async Task<List<LintFinding>> LintAsync(NpgsqlConnection connection, IReadOnlyCollection<string> accepted, CancellationToken cancellationToken)
    {
        var major = connection.PostgreSqlVersion.Major;
        var found = await ReadAsync(connection, cancellationToken);
        return [.. found.Where(own => !Of(major, own.Key).Contains(own.Value) && !accepted.Contains($"{own.Key}={own.Value}")).Select(own => new LintFinding(Name, own.Key,
            $"The server's own rows of {own.Key} aren't as PostgreSQL {major} is known to make them.",
            "Initialise a fresh cluster and restore into it. If another minor version made the cluster: run the scripts that the release notes since then name (15.7: fix-CVE-2024-4317.sql), compare with a fresh "
            + $"cluster of that version, and account for what it gives: Vouchsafe:Database:KnownServerHashes: {own.Key}={own.Value}."))];
    }

    /// <summary>The known hashes of a catalogue; none where the version isn't known.</summary>
    internal static IReadOnlyList<string> Of(int major, string catalogue) => Known.GetValueOrDefault(major)?.GetValueOrDefault(catalogue) ?? [];

    /// <summary>As it stands in the file: what is known of a major version, and what was found now.</summary>
    internal static string ToJson(int major, SortedDictionary<string, string> found) => JsonSerializer.Serialize(
        found.ToDictionary(own => own.Key, own => Of(major, own.Key).Append(own.Value).Distinct().Order(StringComparer.Ordinal)), Indented) + "\n";

    private static Dictionary<int, SortedDictionary<string, string[]>> Read()
    {
        const string Prefix = "server-", Suffix = ".json";
        var assembly = typeof(ServerDigest).Assembly;
        var known = new Dictionary<int, SortedDictionary<string, string[]>>();
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            known.Add(int.Parse(resource[Prefix.Length..^Suffix.Length], System.Globalization.CultureInfo.InvariantCulture), JsonSerializer.Deserialize<SortedDictionary<string, string[]>>(stream)!);
        }

        return known;
    }

    private static string Relation(string oid) => ByName(oid, "regclass");

    private static string Type(string oid) => ByName(oid, "regtype");

    private static string Function(string oid) => ByName(oid + "::oid", "regprocedure");

    private static string Schema(string oid) => ByName(oid, "regnamespace");

    private static string Language(string oid) => $"case when {oid} < 12000 then {oid}::text else (select l.lanname::text from pg_language l where l.oid = {oid}) end";

    private static string ByName(string oid, string alias) => $"case when {oid} < 12000 then {oid}::text else {oid}::{alias}::text end";
}
