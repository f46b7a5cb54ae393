namespace Vouchsafe.Postgres.Linting.Manifests;

/// <summary>What the inventory asks the catalogue: each query returns key, parent and facts.</summary>
/// <remarks>
/// An object is PostgreSQL's own where initdb made it (its oid is below 16384) in a schema of PostgreSQL's own; what is put among them later is
/// in the inventory too. Members of extensions that the operator accounts for ($1) are the extension's affair.
/// </remarks>
internal static class InventoryQueries
{
    internal const string Scope =
        """
        with schemas as
        (
            select n.oid, n.nspname, n.nspname in ('pg_catalog', 'information_schema') as of_server from pg_namespace n
            where n.nspname in ('pg_catalog', 'information_schema') or n.nspname !~ '^pg_'
        ),
        members as (select d.classid, d.objid from pg_depend d join pg_extension e on d.refclassid = 'pg_extension'::regclass and e.oid = d.refobjid where d.deptype = 'e' and e.extname = any ($1)),
        relations as
        (
            select c.*, format('%I.%I', s.nspname, c.relname) as name,
                   case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'f' then 'foreign table' when 'S' then 'sequence' else 'table' end as kind
            from pg_class c join schemas s on s.oid = c.relnamespace
            where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and (not s.of_server or c.oid >= 16384)
              and not exists (select from members m where m.classid = 'pg_class'::regclass and m.objid = c.oid)
        )

        """;

    internal static readonly string[] All =
    [
        $"""
        select 'schema ' || quote_ident(n.nspname), '', jsonb_strip_nulls(jsonb_build_object('owner', n.nspowner::regrole, 'acl', {Acl("n.nspacl", "n", "n.nspowner")}))
        from pg_namespace n join schemas s on s.oid = n.oid
        where not s.of_server and not exists (select from members m where m.classid = 'pg_namespace'::regclass and m.objid = n.oid)
        """,
        $"""
        select kind || ' ' || name, '', jsonb_strip_nulls(jsonb_build_object('owner', relowner::regrole, 'acl', {Acl("relacl", "r", "relowner")},
            'partitioned', nullif(relkind = 'p', false), 'persistence', nullif(relpersistence, 'p'), 'rowSecurity', nullif(relrowsecurity, false), 'forced', nullif(relforcerowsecurity, false),
            'class', (select m[1] from regexp_match(obj_description(oid, 'pg_class'), '^(vouchsafe:.*)$') m),
            'parents', (select string_agg(i.inhparent::regclass::text, ' ' order by i.inhseqno) from pg_inherits i where i.inhrelid = relations.oid),
            'bound', pg_get_expr(relpartbound, oid), 'replicaIdentity', nullif(relreplident, 'd'),
            'options', (select string_agg(o, ' ' order by o) from unnest(reloptions) o where o ~ '^(security|check|user_catalog)'),
            'definition', case when relkind in ('v', 'm') then encode(sha256(convert_to(pg_get_viewdef(oid), 'UTF8')), 'hex') end,
            'server', (select f.ftserver::text from pg_foreign_table f where f.ftrelid = relations.oid)))
        from relations
        """,
        $"""
        select format('column %s.%I', r.name, a.attname), r.kind || ' ' || r.name, jsonb_strip_nulls(jsonb_build_object('type', format_type(a.atttypid, a.atttypmod), 'notNull', nullif(a.attnotnull, false),
            'default', pg_get_expr(d.adbin, d.adrelid), 'generated', nullif(a.attgenerated, ''), 'identity', nullif(a.attidentity, ''), 'acl', {Acl("a.attacl", null, "r.relowner")},
            'collation', case when a.attcollation <> t.typcollation then a.attcollation::regcollation::text end))
        from relations r join pg_attribute a on a.attrelid = r.oid and not a.attisdropped join pg_type t on t.oid = a.atttypid
        left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where a.attnum > 0 and r.relkind in ('r', 'p', 'f') or a.attacl is not null
        """,
        // PostgreSQL 18 lists NOT NULL among the constraints; the column says it already.
        """
        select format('constraint %s.%I', coalesce(r.name, k.contypid::regtype::text), k.conname), coalesce(r.kind || ' ' || r.name, 'type ' || k.contypid::regtype::text),
            jsonb_strip_nulls(jsonb_build_object('definition', pg_get_constraintdef(k.oid),
            'triggers', (select string_agg(distinct g.tgenabled::text, ' ') from pg_trigger g where g.tgconstraint = k.oid and g.tgenabled <> 'O')))
        from pg_constraint k left join relations r on r.oid = k.conrelid join schemas s on s.oid = k.connamespace
        where k.contype <> 'n' and (r.oid is not null or k.conrelid = 0 and (not s.of_server or k.oid >= 16384))
        """,
        """
        select 'index ' || i.indexrelid::regclass::text, r.kind || ' ' || r.name, jsonb_strip_nulls(jsonb_build_object('definition', pg_get_indexdef(i.indexrelid),
            'unusable', nullif(not (i.indisvalid and i.indisready and i.indislive), false)))
        from pg_index i join relations r on r.oid = i.indrelid
        """,
        """
        select format('trigger %s.%I', g.tgrelid::regclass, g.tgname), coalesce(r.kind || ' ' || r.name, ''), jsonb_strip_nulls(jsonb_build_object('definition', pg_get_triggerdef(g.oid), 'enabled', nullif(g.tgenabled, 'O')))
        from pg_trigger g left join relations r on r.oid = g.tgrelid where not g.tgisinternal
        """,
        """
        select format('rule %s.%I', w.ev_class::regclass, w.rulename), coalesce(r.kind || ' ' || r.name, ''), jsonb_strip_nulls(jsonb_build_object('definition', pg_get_ruledef(w.oid), 'enabled', nullif(w.ev_enabled, 'O')))
        from pg_rewrite w left join relations r on r.oid = w.ev_class where w.rulename <> '_RETURN' and (r.oid is not null or w.oid >= 16384)
        """,
        """
        select format('policy %s.%I', p.polrelid::regclass, p.polname), coalesce(r.kind || ' ' || r.name, ''), jsonb_strip_nulls(jsonb_build_object('permissive', p.polpermissive, 'command', p.polcmd,
            'roles', (select string_agg(case o when 0 then 'public' else o::regrole::text end, ' ' order by o) from unnest(p.polroles) o),
            'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid)))
        from pg_policy p left join relations r on r.oid = p.polrelid
        """,
        $"""
        select 'function ' || p.oid::regprocedure::text, '', jsonb_strip_nulls(jsonb_build_object('owner', p.proowner::regrole, 'acl', {Acl("p.proacl", "f", "p.proowner")}, 'language', l.lanname, 'kind', nullif(p.prokind, 'f'),
            'returns', pg_get_function_result(p.oid), 'arguments', nullif(pg_get_function_arguments(p.oid), ''), 'definer', nullif(p.prosecdef, false), 'leakproof', nullif(p.proleakproof, false),
            'strict', nullif(p.proisstrict, false), 'volatility', p.provolatile, 'parallel', p.proparallel, 'support', nullif(p.prosupport, 0)::regprocedure,
            'settings', (select string_agg(c, '; ' order by c) from unnest(p.proconfig) c), 'library', p.probin,
            'body', encode(sha256(convert_to(coalesce(pg_get_function_sqlbody(p.oid), p.prosrc), 'UTF8')), 'hex'),
            'aggregate', (select concat_ws(' ', g.aggtransfn::regproc, g.aggfinalfn::regproc, g.aggcombinefn::regproc, g.aggserialfn::regproc, g.aggdeserialfn::regproc, g.aggmtransfn::regproc) from pg_aggregate g where g.aggfnoid = p.oid)))
        from pg_proc p join schemas s on s.oid = p.pronamespace join pg_language l on l.oid = p.prolang
        where (not s.of_server or p.oid >= 16384) and not exists (select from members m where m.classid = 'pg_proc'::regclass and m.objid = p.oid)
        """,
        $"""
        select 'type ' || t.oid::regtype::text, '', jsonb_strip_nulls(jsonb_build_object('owner', t.typowner::regrole, 'acl', {Acl("t.typacl", "T", "t.typowner")}, 'kind', t.typtype,
            'labels', (select string_agg(quote_literal(e.enumlabel), ' ' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid),
            'base', nullif(t.typbasetype, 0)::regtype, 'notNull', nullif(t.typnotnull, false), 'default', t.typdefault,
            'attributes', (select string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' order by a.attnum) from pg_attribute a where a.attrelid = nullif(t.typrelid, 0) and a.attnum > 0 and not a.attisdropped)))
        from pg_type t join schemas s on s.oid = t.typnamespace left join pg_class c on c.oid = t.typrelid
        where (not s.of_server or t.oid >= 16384) and coalesce(c.relkind, 'c') = 'c' and not exists (select from pg_type of where of.typarray = t.oid)
          and not exists (select from members m where m.classid = 'pg_type'::regclass and m.objid = t.oid)
        """,
        """
        select format('%s %s', i.type, i.identity), '', jsonb_strip_nulls(jsonb_build_object('owner', o.owner::regrole, 'does', o.does))
        from
        (
            select 'pg_operator'::regclass as class, o.oid, oprowner as owner, concat_ws(' ', o.oprcode, o.oprrest, o.oprjoin) as does from pg_operator o
            union all select 'pg_opclass'::regclass, oid, opcowner, null from pg_opclass
            union all select 'pg_opfamily'::regclass, oid, opfowner, null from pg_opfamily
            union all select 'pg_amop'::regclass, oid, null, null from pg_amop
            union all select 'pg_amproc'::regclass, oid, null, amproc::text from pg_amproc
            union all select 'pg_am'::regclass, oid, null, amhandler::text from pg_am
            union all select 'pg_cast'::regclass, oid, null, concat_ws(' ', nullif(castfunc, 0)::regprocedure, castcontext) from pg_cast
            union all select 'pg_transform'::regclass, oid, null, concat_ws(' ', trffromsql, trftosql) from pg_transform
            union all select 'pg_collation'::regclass, oid, collowner, null from pg_collation where collnamespace <> 'pg_catalog'::regnamespace
            union all select 'pg_conversion'::regclass, oid, conowner, conproc::text from pg_conversion
            union all select 'pg_ts_config'::regclass, oid, cfgowner, null from pg_ts_config
            union all select 'pg_ts_dict'::regclass, oid, dictowner, dictinitoption from pg_ts_dict
            union all select 'pg_ts_parser'::regclass, oid, null, null from pg_ts_parser
            union all select 'pg_ts_template'::regclass, oid, null, null from pg_ts_template
            union all select 'pg_statistic_ext'::regclass, oid, stxowner, pg_get_statisticsobjdef(oid) from pg_statistic_ext
            union all select 'pg_language'::regclass, oid, lanowner, concat_ws(' ', lanpltrusted, nullif(lanplcallfoid, 0)::regprocedure) from pg_language
            union all select 'pg_foreign_data_wrapper'::regclass, oid, fdwowner, null from pg_foreign_data_wrapper
            union all select 'pg_foreign_server'::regclass, oid, srvowner, null from pg_foreign_server
            union all select 'pg_event_trigger'::regclass, oid, evtowner, concat_ws(' ', evtevent, evtfoid::regprocedure, evtenabled) from pg_event_trigger
            union all select 'pg_publication'::regclass, oid, pubowner, case when puballtables then 'every table' end from pg_publication
            union all select 'pg_subscription'::regclass, oid, subowner, null from pg_subscription where subdbid = (select oid from pg_database where datname = current_database())
        ) o cross join lateral pg_identify_object(o.class, o.oid, 0) i
        where o.oid >= 16384 and not exists (select from members m where m.classid = o.class and m.objid = o.oid)
        union all
        select format('user mapping for %s on %I', case umuser when 0 then 'public' else umuser::regrole::text end, srvname), '', '{}' from pg_user_mappings
        union all
        select 'extension ' || quote_ident(extname), '', jsonb_build_object('owner', extowner::regrole) from pg_extension where extname <> all ($1)
        """,
        """
        select format('default privileges of %s in %s for %s', d.defaclrole::regrole, coalesce(nullif(d.defaclnamespace, 0)::regnamespace::text, 'every schema'), d.defaclobjtype), '',
            jsonb_build_object('acl', array_to_string(d.defaclacl, ' '))
        from pg_default_acl d
        """,
    ];

    // Grants to others than the owner. Whoever owns a thing can give itself every right on it, so those say nothing.
    private static string Acl(string acl, string? type, string owner) =>
        $"""
        (select string_agg(of.grantee || '=' || of.rights, ' ' order by of.grantee collate "C") from
            (select case a.grantee when 0 then 'public' else a.grantee::regrole::text end as grantee, string_agg(lower(a.privilege_type) || case when a.is_grantable then '*' else '' end, ',' order by a.privilege_type collate "C") as rights
             from aclexplode({(type is null ? acl : $"coalesce({acl}, acldefault('{type}', {owner}))")}) a where a.grantee <> {owner} group by a.grantee) of)
        """;
}
