namespace Vouchsafe.Postgres.Linting;

/// <summary>Roles that see past the policies, and grants that are wider than the tables' classes.</summary>
internal static class RoleRules
{
    internal static readonly LintRule[] All =
    [
        new("role.bypass", "ALTER ROLE … NOSUPERUSER NOBYPASSRLS, or account for the role: Vouchsafe:Database:KnownRoles.",
            """
            select quote_ident(rolname), 'The role is past row-level security: ' || case when rolsuper then 'superuser.' else 'BYPASSRLS.' end from pg_roles
            where (rolsuper or rolbypassrls) and (oid in (select oid from our_roles) or oid not in (select oid from accounted))
            """),
        new("role.privileged", "ALTER ROLE … NOCREATEROLE NOREPLICATION NOCREATEDB, or account for the role: Vouchsafe:Database:KnownRoles.",
            """
            select quote_ident(rolname), 'The role may ' || concat_ws(', ', case when rolcreaterole then 'make roles' end, case when rolreplication then 'copy the whole cluster (REPLICATION)' end, case when rolcreatedb then 'make databases' end) || '.'
            from pg_roles where (rolcreaterole or rolreplication or rolcreatedb) and not rolsuper and (oid in (select oid from our_roles) or oid not in (select oid from accounted))
            """),
        new("role.unknown", "DROP ROLE, or REVOKE CONNECT ON DATABASE, or account for the role: Vouchsafe:Database:KnownRoles.",
            """
            select quote_ident(rolname), 'A login that nobody accounts for may connect to the database.' from pg_roles
            where rolcanlogin and has_database_privilege(oid, current_database(), 'CONNECT') and oid not in (select oid from accounted)
            """),
        new("role.member", "REVOKE the membership.",
            """
            select format('%s in %s', m.member::regrole, m.roleid::regrole), 'A run-time login is a member of another role, another role is a member of one of ours or of one that owns something here, or a role that nobody accounts for has a role''s rights.'
            from pg_auth_members m join pg_roles r on r.oid = m.member
            -- What a fresh server has. Any other role of the server's could be a stepping stone: nobody looks at its members.
            where (m.member::regrole::text, m.roleid::regrole::text) not in (('pg_monitor', 'pg_read_all_settings'), ('pg_monitor', 'pg_read_all_stats'), ('pg_monitor', 'pg_stat_scan_tables'))
              and (m.member in (select oid from our_roles) or m.member not in (select oid from accounted)
                   -- Each chain of memberships to such a role ends with one of these. A superuser needs none; where PostgreSQL 16 and later keep
                   -- them apart, the right to administer the role, which whoever made it has, is not yet membership.
                   or not r.rolsuper and coalesce((to_jsonb(m) ->> 'set_option')::boolean or (to_jsonb(m) ->> 'inherit_option')::boolean, true)
                      and (m.roleid in (select oid from our_roles) or m.roleid in (select relowner from pg_class where oid >= 16384 union select proowner from pg_proc where oid >= 16384
                           union select nspowner from pg_namespace where oid >= 16384 union select datdba from pg_database where datname = current_database())))
            """),
        new("role.owner", "Give it to vouchsafe_owner: an owner may switch row-level security off.",
            """
            select format('%s %s', kind, name), 'A run-time login owns it.' from
            (
                select 'relation' as kind, oid::regclass::text as name, relowner as owner from pg_class
                union all select 'function', oid::regprocedure::text, proowner from pg_proc
                union all select 'schema', nspname::text, nspowner from pg_namespace
                union all select 'database', datname::text, datdba from pg_database where datname = current_database()
                union all select 'large object', oid::text, lomowner from pg_largeobject_metadata
            ) owned
            where owner::regrole::text in ('vouchsafe_app', 'vouchsafe_platform')
            """),
        new("grant.public", "REVOKE ALL ON … FROM PUBLIC.",
            """
            select distinct name, 'Everybody has rights on the table.' from grants where grantee = 0
            union all
            select quote_ident(n.nspname), 'Everybody may create in the schema.' from pg_namespace n cross join lateral aclexplode(n.nspacl) a
            where n.nspname not like 'pg\_%' and a.grantee = 0 and a.privilege_type = 'CREATE'
            """),
        new("grant.app", "REVOKE it, or declare the table with these rights.",
            """
            select g.name, 'The app login has rights beyond the table''s class: ' || string_agg(g.privilege, ', ' order by g.privilege) || '.' from grants g
            where g.grantee = 'vouchsafe_app'::regrole
              and not coalesce(g.own_class in ('tenant', 'owned', 'reference') and g.privilege = any (string_to_array(replace(g.rights, ' ', ''), ',')) and g.privilege in ('select', 'insert', 'update', 'delete'), false)
            group by g.name
            """),
        new("grant.platform", "REVOKE it: the platform login sees no tenant's rows.",
            """
            select g.name, 'The platform login has rights beyond the table''s class: ' || string_agg(g.privilege, ', ' order by g.privilege) || '.' from grants g
            where g.grantee = 'vouchsafe_platform'::regrole
              and not coalesce(g.own_class in ('platform', 'reference') and g.privilege = any (string_to_array(replace(g.rights, ' ', ''), ',')) and g.privilege in ('select', 'insert', 'update', 'delete'), false)
            group by g.name
            """),
        new("grant.other", "REVOKE it: three logins are all there are.",
            """
            select g.name, format('The role %s has rights on the table.', string_agg(distinct g.grantee::regrole::text, ', ')) from grants g
            where g.grantee not in (0, g.relowner, 'vouchsafe_owner'::regrole, 'vouchsafe_app'::regrole, 'vouchsafe_platform'::regrole) and g.class is not null
              and not (select rolsuper from pg_roles where oid = g.grantee)
            group by g.name
            """),
        new("grant.default", "ALTER DEFAULT PRIVILEGES … REVOKE …: rights are given table by table.",
            """
            select format('%s in %s', d.defaclrole::regrole, coalesce(nullif(d.defaclnamespace, 0)::regnamespace::text, 'every schema')), 'Objects made later are granted to somebody by default.'
            from pg_default_acl d where exists (select from aclexplode(d.defaclacl) a where a.grantee <> d.defaclrole)
            """),
        new("grant.create", "REVOKE CREATE, TEMPORARY: what a run-time login makes shadows names for the next user of its connection.",
            """
            select format('%s on schema %I', r.rolname, n.nspname), 'A run-time login may create objects in the schema.' from pg_roles r, pg_namespace n
            where r.rolname in ('vouchsafe_app', 'vouchsafe_platform') and n.nspname not like 'pg\_%' and n.nspname <> 'information_schema' and has_schema_privilege(r.oid, n.oid, 'CREATE')
              and not exists (select from aclexplode(n.nspacl) a where a.grantee = 0 and a.privilege_type = 'CREATE') and not r.rolsuper
            union all
            select format('%s on database %I', r.rolname, current_database()), 'A run-time login may create schemas or temporary tables.' from pg_roles r
            where r.rolname in ('vouchsafe_app', 'vouchsafe_platform') and (has_database_privilege(r.oid, current_database(), 'CREATE') or has_database_privilege(r.oid, current_database(), 'TEMPORARY')) and not r.rolsuper
            """),
        new("context.default", "ALTER ROLE or DATABASE … RESET vouchsafe.context: a context lives for one transaction.",
            """
            select coalesce(nullif(s.setrole, 0)::regrole::text, 'every role') || coalesce(' in ' || d.datname, ''), 'A tenant context is set for whole sessions.'
            from pg_db_role_setting s left join pg_database d on d.oid = s.setdatabase
            where (s.setdatabase = 0 or d.datname = current_database()) and exists (select from unnest(s.setconfig) c where c like 'vouchsafe.%')
            """),
    ];
}
