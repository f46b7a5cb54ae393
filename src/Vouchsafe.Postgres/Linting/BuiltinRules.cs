using Vouchsafe.Postgres.Roles;

namespace Vouchsafe.Postgres.Linting;

/// <summary>PostgreSQL's own functions, views and grants, on which everything else rests.</summary>
internal static class BuiltinRules
{
    internal static readonly LintRule[] All =
    [
        new("builtin.open", "REVOKE EXECUTE ON FUNCTION … FROM PUBLIC: run harden.sql again, as a superuser.",
            $"""
            select distinct p.oid::regprocedure::text, 'A run-time login may call this function of the server.' from pg_proc p
            where p.oid < 16384 and (p.proname ~ (select pattern from closed_functions) or p.pronamespace = 'pg_catalog'::regnamespace and {ClosedFunctions.ByKind})
              and exists (select from run_time r where has_function_privilege(r.oid, p.oid, 'EXECUTE') and not (select rolsuper from pg_roles where oid = r.oid)
                          -- Recalls of rate-limit permits.
                          and not (p.proname = 'pg_notify' and r.oid = 'vouchsafe_platform'::regrole))
            """),
        new("builtin.language", "REVOKE USAGE ON LANGUAGE … FROM …: run harden.sql again, as a superuser.",
            """
            select quote_ident(l.lanname), 'A run-time login may write programs: DO and functions of its own.' from pg_language l
            where l.lanpltrusted and exists (select from run_time r where has_language_privilege(r.oid, l.oid, 'USAGE') and not (select rolsuper from pg_roles where oid = r.oid))
            """),
        new("builtin.grant", "REVOKE it: what the server grants by itself is all that is needed.",
            """
            select format('%s to %s', o.name, case a.grantee when 0 then 'public' else a.grantee::regrole::text end), 'A right on one of the server''s own objects was granted: ' || string_agg(lower(a.privilege_type), ', ') || '.'
            from
            (
                select 'pg_proc'::regclass as class, oid, 0 as part, oid::regprocedure::text as name, proacl as acl, acldefault('f', proowner) as usual, proowner as owner from pg_proc where oid < 16384 and proacl is not null
                union all select 'pg_class'::regclass, oid, 0, oid::regclass::text, relacl, acldefault('r', relowner), relowner from pg_class where oid < 16384 and relacl is not null
                union all select 'pg_class'::regclass, c.oid, t.attnum, format('%s.%I', c.oid::regclass, t.attname), t.attacl, null, c.relowner from pg_attribute t join pg_class c on c.oid = t.attrelid where c.oid < 16384 and t.attacl is not null
                union all select 'pg_namespace'::regclass, oid, 0, quote_ident(nspname), nspacl, acldefault('n', nspowner), nspowner from pg_namespace where nspname in ('pg_catalog', 'information_schema', 'pg_toast') and nspacl is not null
                union all select 'pg_language'::regclass, oid, 0, quote_ident(lanname), lanacl, acldefault('l', lanowner), lanowner from pg_language where oid < 16384 and lanacl is not null
                union all select 'pg_type'::regclass, oid, 0, oid::regtype::text, typacl, acldefault('T', typowner), typowner from pg_type where oid < 16384 and typacl is not null
            ) o
            left join pg_init_privs i on i.classoid = o.class and i.objoid = o.oid and i.objsubid = o.part
            cross join lateral aclexplode(o.acl) a
            where a.grantee <> o.owner and a.grantee::regrole::text not in ('pg_monitor', 'pg_read_all_stats')
              -- The migrator's lock, and what definer functions and migrations need.
              and not (o.name in ('pg_advisory_lock(bigint)', 'set_config(text,text,boolean)', 'plpgsql', 'sql') and a.grantee = 'vouchsafe_owner'::regrole)
              and not (o.name = 'pg_notify(text,text)' and a.grantee = 'vouchsafe_platform'::regrole)
              -- Which columns ANALYZE has counted, for the linter.
              and not (o.name in ('pg_statistic.starelid', 'pg_statistic.staattnum') and a.privilege_type = 'SELECT' and not a.is_grantable and a.grantee in (select oid from our_roles))
              -- What the information schema shows is what the reader may see anyway, and everybody may read it.
              and not (o.name ~ '^information_schema' and a.grantee = 0 and a.privilege_type in ('USAGE', 'SELECT'))
              and not exists (select from aclexplode(coalesce(i.initprivs, o.usual)) at_first where at_first.grantee = a.grantee and at_first.privilege_type = a.privilege_type)
            group by o.name, a.grantee
            """),
        new("builtin.function", "Initialise a fresh cluster and restore into it: somebody changed the server's own catalogue.",
            """
            select p.oid::regprocedure::text, 'The function of the server isn''t as the server is made.' from pg_proc p
            left join (values ('sha256(bytea)', 'sha256_bytea'), ('encode(bytea,text)', 'binary_encode'), ('decode(text,text)', 'binary_decode'), ('current_setting(text,boolean)', 'show_config_by_name_missing_ok'),
                              ('timestamptz_send(timestamp with time zone)', 'timestamptz_send'), ('substr(bytea,integer,integer)', 'bytea_substr'), ('substr(bytea,integer)', 'bytea_substr_no_len'),
                              ('uuid_in(cstring)', 'uuid_in'), ('uuid_eq(uuid,uuid)', 'uuid_eq'), ('byteaeq(bytea,bytea)', 'byteaeq'), ('byteagt(bytea,bytea)', 'byteagt'), ('byteacat(bytea,bytea)', 'byteacat'),
                              ('get_byte(bytea,integer)', 'byteaGetByte'), ('tidsend(tid)', 'tidsend'), ('xidsend(xid)', 'xidsend')) relied (name, source) on p.oid = to_regprocedure(relied.name)
            where p.oid < 10000 and (p.prosecdef or p.proconfig is not null or p.proowner <> 10 or p.prolang not in (12, 13, 14)
                                     or relied.source is not null and (p.prolang <> 12 or p.prosrc <> relied.source or p.proleakproof <> (relied.name in ('uuid_eq(uuid,uuid)', 'byteaeq(bytea,bytea)', 'byteagt(bytea,bytea)', 'sha256(bytea)'))))
            """),
        new("builtin.table", "ALTER TABLE … back: somebody changed the server's own catalogue.",
            """
            select c.oid::regclass::text, 'The server''s own relation has another owner, row-level security, a trigger or a rule.' from pg_class c
            where c.oid < 16384 and (c.relowner <> 10 or c.relrowsecurity or c.relforcerowsecurity or exists (select from pg_trigger g where g.tgrelid = c.oid and g.oid >= 16384))
            """),
    ];
}
