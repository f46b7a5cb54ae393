namespace Vouchsafe.Postgres.Linting.Manifests;

/// <summary>What the inventory asks the catalogue: each query returns key, parent, facts and the extension whose member it is.</summary>
/// <remarks>
/// It works by exclusion. An object is PostgreSQL's own where its oid is below 16384 (FirstNormalObjectId; <see cref="ServerDigest"/> holds those to what they
/// are), and everything else is listed, whatever its schema, its kind or the extension it was put into. Left out is what the server makes beside
/// another object (a TOAST table, a row type, an array type, the triggers of a foreign key) while it is exactly as the server makes it, and the temporary
/// objects of a session, which no other session can reach.
/// </remarks>
internal static class InventoryQueries
{
    /// <summary>$1: extensions that the operator accounts for. plpgsql is PostgreSQL's own: whatever else is put into it is an object like any other.</summary>
    internal const string Scope =
        """
        with members as
        (
            select d.classid, d.objid, e.extname::text as extension from pg_depend d join pg_extension e on d.refclassid = 'pg_extension'::regclass and e.oid = d.refobjid
            where d.deptype = 'e' and e.extname = any ($1) and e.extname <> 'plpgsql'
        ),
        temporary as (select oid from pg_namespace where nspname ~ '^pg_(toast_)?temp_[0-9]+$' and nspacl is null and nspowner = 10),
        toasts as
        (
            select c.oid from pg_class c join pg_class m on m.reltoastrelid = c.oid and m.relkind in ('r', 'm', 'p') and m.relowner = c.relowner and c.relname = 'pg_toast_' || m.oid
            where c.relkind = 't' and c.relnamespace = 'pg_toast'::regnamespace and c.relacl is null and not c.relrowsecurity
              and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attacl is not null)
        ),
        relations as
        (
            select c.*, format('%I.%I', n.nspname, c.relname) as name,
                   case c.relkind when 'r' then 'table' when 'p' then 'table' when 'v' then 'view' when 'm' then 'materialized view' when 'f' then 'foreign table' when 'S' then 'sequence'
                       when 't' then 'TOAST table' when 'c' then 'row type' else 'relation' end as kind,
                   (select m.extension from members m where m.classid = 'pg_class'::regclass and m.objid = c.oid) as extension
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where (c.oid >= 16384 or c.oid >= 12000 and c.relkind = 't') and c.relkind not in ('i', 'I') and c.oid not in (select oid from toasts)
              and not (c.relpersistence = 't' and c.relnamespace in (select oid from temporary))
              and not (c.relkind = 'c' and exists (select from pg_type t where t.oid = c.reltype and t.typrelid = c.oid and t.typtype = 'c'))
        )

        """;

    internal static readonly string[] All =
    [
        $"""
        select 'schema ' || quote_ident(n.nspname), '', jsonb_strip_nulls(jsonb_build_object('owner', n.nspowner::regrole, 'acl', {Acl("n.nspacl", "n", "n.nspowner")})), {Extension("pg_namespace", "n.oid")}
        from pg_namespace n where (n.oid >= 16384 or n.nspname = 'public') and n.oid not in (select oid from temporary)
        """,
        $"""
        select kind || ' ' || name, '', jsonb_strip_nulls(jsonb_build_object('owner', relowner::regrole, 'acl', {Acl("relacl", "r", "relowner")},
            'partitioned', nullif(relkind = 'p', false), 'persistence', nullif(relpersistence, 'p'), 'rowSecurity', nullif(relrowsecurity, false), 'forced', nullif(relforcerowsecurity, false),
            'class', (select m[1] from regexp_match(obj_description(oid, 'pg_class'), '^(vouchsafe:.*)$') m),
            'parents', (select string_agg(i.inhparent::regclass::text, ' ' order by i.inhseqno) from pg_inherits i where i.inhrelid = relations.oid),
            'bound', pg_get_expr(relpartbound, oid), 'replicaIdentity', nullif(relreplident, 'd'), 'ofType', nullif(reloftype, 0)::regtype,
            'accessMethod', (select a.amname from pg_am a where a.oid = relam and a.oid <> 2), 'tablespace', (select s.spcname from pg_tablespace s where s.oid = reltablespace),
            'options', (select string_agg(o, ' ' order by o) from unnest(reloptions) o where o ~ '^(security|check|user_catalog)'),
            'definition', case when relkind in ('v', 'm') then encode(sha256(convert_to(pg_get_viewdef(oid), 'UTF8')), 'hex') end,
            'server', (select f.ftserver::text from pg_foreign_table f where f.ftrelid = relations.oid),
            'tree', {Trees("relpartbound", "(select w.ev_action from pg_rewrite w where w.ev_class = relations.oid and w.rulename = '_RETURN')",
                "(select w.ev_qual from pg_rewrite w where w.ev_class = relations.oid and w.rulename = '_RETURN' and w.ev_qual::text <> '<>')",
                "(select t.partexprs from pg_partitioned_table t where t.partrelid = relations.oid)")})), extension
        from relations
        """,
        $"""
        select format('column %s.%I', r.name, a.attname), r.kind || ' ' || r.name, jsonb_strip_nulls(jsonb_build_object('type', format_type(a.atttypid, a.atttypmod), 'notNull', nullif(a.attnotnull, false),
            'default', pg_get_expr(d.adbin, d.adrelid), 'generated', nullif(a.attgenerated, ''), 'identity', nullif(a.attidentity, ''), 'acl', {Acl("a.attacl", null, "r.relowner")},
            'collation', case when a.attcollation <> t.typcollation then a.attcollation::regcollation::text end, 'tree', {Trees("d.adbin")})), r.extension
        from relations r join pg_attribute a on a.attrelid = r.oid and not a.attisdropped join pg_type t on t.oid = a.atttypid
        left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where a.attnum > 0 and r.relkind in ('r', 'p', 'f') or a.attacl is not null or d.oid is not null
        """,
        // PostgreSQL 18 lists NOT NULL among the constraints; the column says it already. A foreign key is kept by four triggers of the server.
        $"""
        select format('constraint %s.%I', coalesce(r.name, nullif(k.conrelid, 0)::regclass::text, k.contypid::regtype::text), k.conname), coalesce(r.kind || ' ' || r.name, 'type ' || nullif(k.contypid, 0)::regtype::text, ''),
            jsonb_strip_nulls(jsonb_build_object('definition', pg_get_constraintdef(k.oid), 'tree', {Trees("k.conbin")},
            'operators', (select string_agg(distinct o::regoperator::text, ' ') from unnest(k.conpfeqop || k.conppeqop || k.conffeqop) o join pg_operator p on p.oid = o where p.oprname <> '=' or o >= 10000),
            'triggers', nullif(concat_ws(' ', (select string_agg(distinct g.tgenabled::text, ' ') from pg_trigger g where g.tgconstraint = k.oid and g.tgenabled <> 'O'),
                case when k.contype = 'f' and k.conparentid = 0 then (select nullif(concat_ws(' of ', count(*) filter (where {KeepsForeignKey}), count(*)), '4 of 4') from pg_trigger g join pg_proc p on p.oid = g.tgfoid where g.tgconstraint = k.oid) end), ''))),
            coalesce(r.extension, {Extension("pg_type", "k.contypid")})
        from pg_constraint k left join relations r on r.oid = k.conrelid left join pg_class c on c.oid = k.conrelid
        where k.contype <> 'n' and k.oid >= 16384 and not coalesce(c.relpersistence = 't' and c.relnamespace in (select oid from temporary), false)
        """,
        $"""
        select 'index ' || c.oid::regclass::text, coalesce(r.kind || ' ' || r.name, ''), jsonb_strip_nulls(jsonb_build_object('definition', pg_get_indexdef(c.oid), 'tree', {Trees("i.indexprs", "i.indpred")},
            'unusable', nullif(not (i.indisvalid and i.indisready and i.indislive), false), 'deferred', nullif(not i.indimmediate, false), 'owner', case when c.relowner <> r.relowner then c.relowner::regrole end)),
            coalesce(r.extension, {Extension("pg_class", "c.oid")})
        from pg_class c left join pg_index i on i.indexrelid = c.oid left join relations r on r.oid = i.indrelid
        where c.relkind in ('i', 'I') and c.oid >= 16384 and not (c.relpersistence = 't' and c.relnamespace in (select oid from temporary))
          and not (c.relnamespace = 'pg_toast'::regnamespace and coalesce(i.indrelid in (select oid from toasts), false))
        """,
        // Of the internal ones those are left out that keep a foreign key, or a unique one that may be deferred: by the server's functions, on the constraint's own tables.
        $"""
        select format('trigger %s.%I', g.tgrelid::regclass, g.tgname), coalesce(r.kind || ' ' || r.name, ''), jsonb_strip_nulls(jsonb_build_object('definition', pg_get_triggerdef(g.oid), 'enabled', nullif(g.tgenabled, 'O'),
            'internal', nullif(g.tgisinternal, false), 'tree', {Trees("g.tgqual")})), r.extension
        from pg_trigger g left join relations r on r.oid = g.tgrelid left join pg_class c on c.oid = g.tgrelid
        where not coalesce(c.relpersistence = 't' and c.relnamespace in (select oid from temporary), false)
          and not (g.tgisinternal and g.tgqual is null and g.tgnargs = 0 and g.tgfoid < 10000 and exists (
              select from pg_constraint k join pg_proc p on p.oid = g.tgfoid
              where k.oid = g.tgconstraint
                and (k.contype = 'f' and g.tgrelid = k.conrelid and g.tgconstrrelid = k.confrelid and p.proname in ('RI_FKey_check_ins', 'RI_FKey_check_upd')
                     or k.contype = 'f' and g.tgrelid = k.confrelid and g.tgconstrrelid = k.conrelid and p.proname ~ '^RI_FKey_(noaction|restrict|cascade|setnull|setdefault)_(del|upd)$'
                     or k.contype in ('p', 'u', 'x') and k.condeferrable and g.tgrelid = k.conrelid and p.proname = 'unique_key_recheck')))
        """,
        $"""
        select format('rule %s.%I', w.ev_class::regclass, w.rulename), coalesce(r.kind || ' ' || r.name, ''), jsonb_strip_nulls(jsonb_build_object('definition', pg_get_ruledef(w.oid), 'enabled', nullif(w.ev_enabled, 'O'),
            'tree', {Trees("w.ev_qual", "w.ev_action")})), r.extension
        from pg_rewrite w left join relations r on r.oid = w.ev_class left join pg_class c on c.oid = w.ev_class
        where w.oid >= 16384 and not coalesce(c.relpersistence = 't' and c.relnamespace in (select oid from temporary), false)
          and not coalesce(c.relkind in ('v', 'm') and w.rulename = '_RETURN' and w.ev_type = '1' and w.is_instead and w.ev_enabled = 'O', false)
        """,
        $"""
        select format('policy %s.%I', p.polrelid::regclass, p.polname), coalesce(r.kind || ' ' || r.name, ''), jsonb_strip_nulls(jsonb_build_object('permissive', p.polpermissive, 'command', p.polcmd,
            'roles', (select string_agg(case o when 0 then 'public' else o::regrole::text end, ' ' order by o) from unnest(p.polroles) o),
            'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid),
            'tree', {Trees("p.polqual", "p.polwithcheck")})), r.extension
        from pg_policy p left join relations r on r.oid = p.polrelid
        """,
        $"""
        select 'function ' || p.oid::regprocedure::text, '', jsonb_strip_nulls(jsonb_build_object('owner', p.proowner::regrole, 'acl', {Acl("p.proacl", "f", "p.proowner")}, 'language', l.lanname, 'kind', nullif(p.prokind, 'f'),
            'returns', pg_get_function_result(p.oid), 'arguments', nullif(pg_get_function_arguments(p.oid), ''), 'definer', nullif(p.prosecdef, false), 'leakproof', nullif(p.proleakproof, false),
            'strict', nullif(p.proisstrict, false), 'volatility', p.provolatile, 'parallel', p.proparallel, 'support', nullif(p.prosupport, 0)::regprocedure,
            'settings', (select string_agg(c, '; ' order by c) from unnest(p.proconfig) c), 'library', p.probin,
            'body', encode(sha256(convert_to(coalesce(pg_get_function_sqlbody(p.oid), p.prosrc), 'UTF8')), 'hex'),
            'aggregate', (select concat_ws(' ', g.aggtransfn::regproc, g.aggfinalfn::regproc, g.aggcombinefn::regproc, g.aggserialfn::regproc, g.aggdeserialfn::regproc, g.aggmtransfn::regproc) from pg_aggregate g where g.aggfnoid = p.oid),
            'tree', {Trees("p.prosqlbody", "p.proargdefaults")})),
            {Extension("pg_proc", "p.oid")}
        from pg_proc p left join pg_language l on l.oid = p.prolang
        where p.oid >= 16384 and not {ServerDigest.HandlerOfPlpgsql}
        """,
        $"""
        select 'type ' || t.oid::regtype::text, '', jsonb_strip_nulls(jsonb_build_object('owner', t.typowner::regrole, 'acl', {Acl("t.typacl", "T", "t.typowner")}, 'kind', t.typtype,
            'labels', (select string_agg(quote_literal(e.enumlabel), ' ' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid),
            'base', nullif(t.typbasetype, 0)::regtype, 'notNull', nullif(t.typnotnull, false), 'default', t.typdefault, 'tree', {Trees("t.typdefaultbin")},
            'functions', case when t.typtype = 'b' or t.typtype = 'c' and t.typinput <> 2290 then concat_ws(' ', t.typinput, t.typoutput, t.typreceive, t.typsend, t.typmodin, t.typmodout, t.typanalyze) end,
            'range', (select concat_ws(' ', g.rngsubtype::regtype, g.rngcanonical, g.rngsubdiff) from pg_range g where g.rngtypid = t.oid),
            'attributes', (select string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' order by a.attnum) from pg_attribute a where a.attrelid = nullif(t.typrelid, 0) and a.attnum > 0 and not a.attisdropped))),
            {Extension("pg_type", "t.oid")}
        from pg_type t left join pg_class c on c.oid = t.typrelid left join pg_type of on of.typarray = t.oid
        where t.oid >= 16384
          and not coalesce(t.typtype = 'c' and c.relkind in ('r', 'p', 'v', 'm', 'f') and c.reltype = t.oid and (t.typnamespace, t.typname, t.typowner) = (c.relnamespace, c.relname, c.relowner)
                           and t.typacl is null and (t.typinput, t.typoutput, t.typreceive, t.typsend) = (2290, 2291, 2402, 2403), false)
          and not coalesce(t.typelem = of.oid and t.typcategory = 'A' and t.typowner = of.typowner and t.typacl is null and (t.typinput, t.typoutput, t.typreceive, t.typsend) = (750, 751, 2400, 2401), false)
        """,
        $"""
        select format('%s %s', i.type, i.identity), '', jsonb_strip_nulls(jsonb_build_object('owner', o.owner::regrole, 'does', nullif(o.does, ''), 'tree', case o.class
                when 'pg_statistic_ext'::regclass then (select {Trees("s.stxexprs")} from pg_statistic_ext s where s.oid = o.oid)
                when 'pg_publication_rel'::regclass then (select {Trees("r.prqual")} from pg_publication_rel r where r.oid = o.oid) end)), (select m.extension from members m where m.classid = o.class and m.objid = o.oid)
        from
        (
            select 'pg_operator'::regclass as class, o.oid, oprowner as owner, concat_ws(' ', o.oprcode, o.oprrest, o.oprjoin) as does from pg_operator o where oid >= 16384
            union all select 'pg_opclass'::regclass, oid, opcowner, concat_ws(' ', opcintype::regtype, opcdefault) from pg_opclass where oid >= 16384
            union all select 'pg_opfamily'::regclass, oid, opfowner, null from pg_opfamily where oid >= 16384
            union all select 'pg_amop'::regclass, oid, null, amopopr::regoperator::text from pg_amop where oid >= 16384
            union all select 'pg_amproc'::regclass, oid, null, amproc::text from pg_amproc where oid >= 16384
            union all select 'pg_am'::regclass, oid, null, amhandler::text from pg_am where oid >= 16384
            union all select 'pg_cast'::regclass, oid, null, concat_ws(' ', nullif(castfunc, 0)::regprocedure, castcontext) from pg_cast where oid >= 16384
            -- What the machine has locales for is imported into pg_catalog when a cluster is made, or later.
            union all select 'pg_collation'::regclass, oid, collowner, concat_ws(' ', collprovider, collisdeterministic) from pg_collation
                where oid >= 16384 and (collnamespace <> 'pg_catalog'::regnamespace or collowner <> 10 or not collisdeterministic)
            union all select 'pg_conversion'::regclass, oid, conowner, conproc::text from pg_conversion where oid >= 16384
            union all select 'pg_ts_config'::regclass, oid, cfgowner, null from pg_ts_config where oid >= 16384
            union all select 'pg_ts_dict'::regclass, oid, dictowner, dictinitoption from pg_ts_dict where oid >= 16384
            union all select 'pg_ts_parser'::regclass, oid, null, concat_ws(' ', prsstart, prstoken, prsend, prsheadline, prslextype) from pg_ts_parser where oid >= 16384
            union all select 'pg_ts_template'::regclass, oid, null, concat_ws(' ', tmplinit, tmpllexize) from pg_ts_template where oid >= 16384
            union all select 'pg_language'::regclass, oid, lanowner, concat_ws(' ', lanpltrusted, nullif(lanplcallfoid, 0)::regprocedure) from pg_language where oid >= 16384 and lanname <> 'plpgsql'
            -- Of these a fresh server has none, so there is no oid below which they would be its own.
            union all select 'pg_transform'::regclass, oid, null, concat_ws(' ', trffromsql, trftosql) from pg_transform
            union all select 'pg_statistic_ext'::regclass, oid, stxowner, pg_get_statisticsobjdef(oid) from pg_statistic_ext
            union all select 'pg_foreign_data_wrapper'::regclass, oid, fdwowner, concat_ws(' ', nullif(fdwhandler, 0)::regprocedure, nullif(fdwvalidator, 0)::regprocedure) from pg_foreign_data_wrapper
            union all select 'pg_foreign_server'::regclass, oid, srvowner, null from pg_foreign_server
            union all select 'pg_event_trigger'::regclass, oid, evtowner, concat_ws(' ', evtevent, evtfoid::regprocedure, evtenabled) from pg_event_trigger
            union all select 'pg_publication'::regclass, oid, pubowner, case when puballtables then 'every table' end from pg_publication
            union all select 'pg_publication_rel'::regclass, oid, null, null from pg_publication_rel
            union all select 'pg_publication_namespace'::regclass, oid, null, null from pg_publication_namespace
            union all select 'pg_subscription'::regclass, oid, subowner, null from pg_subscription where subdbid = (select oid from pg_database where datname = current_database())
        ) o cross join lateral pg_identify_object(o.class, o.oid, 0) i
        union all
        select format('user mapping for %s on %I', case umuser when 0 then 'public' else umuser::regrole::text end, srvname), '', jsonb_build_object(), null from pg_user_mappings
        union all
        select 'extension ' || quote_ident(extname), '', jsonb_build_object('owner', extowner::regrole, 'version', extversion), case when extname = any ($1) then extname end from pg_extension where extname <> 'plpgsql'
        """,
        """
        select format('default privileges of %s in %s for %s', d.defaclrole::regrole, coalesce(nullif(d.defaclnamespace, 0)::regnamespace::text, 'every schema'), d.defaclobjtype), '',
            jsonb_build_object('acl', array_to_string(d.defaclacl, ' ')), null
        from pg_default_acl d
        """,
    ];

    private static string Extension(string catalogue, string oid) => $"(select m.extension from members m where m.classid = '{catalogue}'::regclass and m.objid = {oid})";

    // A trigger g with function p of a foreign key k as the server makes it: two on the referring table, and two on the other that do what the key says.
    private static string KeepsForeignKey =>
        $"""
        p.oid < 10000 and g.tgattr::text = '' and (g.tgrelid = k.conrelid and (p.proname = 'RI_FKey_check_ins' and g.tgtype = 5 or p.proname = 'RI_FKey_check_upd' and g.tgtype = 17)
            or g.tgrelid = k.confrelid and (p.proname = 'RI_FKey_' || {Action("k.confdeltype")} || '_del' and g.tgtype = 9 or p.proname = 'RI_FKey_' || {Action("k.confupdtype")} || '_upd' and g.tgtype = 17))
        """;

    private static string Action(string code) => $"case {code} when 'a' then 'noaction' when 'r' then 'restrict' when 'c' then 'cascade' when 'n' then 'setnull' when 'd' then 'setdefault' end";

    // The expressions themselves, which PostgreSQL runs; what it prints of them may leave something out. Inventory makes a hash of them.
    private static string Trees(params string[] trees) => $"nullif(concat_ws(E'\\n', {string.Join(", ", trees.Select((tree, place) => $"'{place} ' || ({tree})::text"))}), '')";

    // Grants to others than the owner. Whoever owns a thing can give itself every right on it, so those say nothing.
    private static string Acl(string acl, string? type, string owner) =>
        $"""
        (select string_agg(of.grantee || '=' || of.rights, ' ' order by of.grantee collate "C") from
            (select case a.grantee when 0 then 'public' else a.grantee::regrole::text end as grantee, string_agg(lower(a.privilege_type) || case when a.is_grantable then '*' else '' end, ',' order by a.privilege_type collate "C") as rights
             from aclexplode({(type is null ? acl : $"coalesce({acl}, acldefault('{type}', {owner}))")}) a where a.grantee <> {owner} group by a.grantee) of)
        """;
}
