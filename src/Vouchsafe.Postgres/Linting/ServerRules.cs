namespace Vouchsafe.Postgres.Linting;

/// <summary>What stands outside the schemas: settings, replication, large objects, other languages, rights on the database.</summary>
internal static class ServerRules
{
    internal static readonly LintRule[] All =
    [
        new("setting.session", "ALTER ROLE … RESET, ALTER DATABASE … RESET: our logins begin with the settings that the bootstrap gives them.",
            """
            select concat_ws(' ', coalesce(nullif(s.setrole, 0)::regrole::text, 'every role'), 'in ' || d.datname, split_part(c, '=', 1)), 'Sessions begin with a setting that nobody accounts for: ' || left(c, 80) || '.'
            from pg_db_role_setting s left join pg_database d on d.oid = s.setdatabase cross join lateral unnest(s.setconfig) c
            where (s.setdatabase = 0 or d.datname = current_database()) and (s.setrole = 0 or s.setrole in (select oid from our_roles)) and c not like 'vouchsafe.%'
              and not (s.setdatabase = 0 and s.setrole <> 0 and s.setrole::regrole::text || ' ' || c in (select setting from role_settings))
            """),
        new("setting.missing", "Run the bootstrap again, as a superuser.",
            """
            select r.setting, 'A login lacks a setting that keeps it from stopping others.' from role_settings r
            where not exists (select from pg_db_role_setting s cross join lateral unnest(s.setconfig) c where s.setdatabase = 0 and s.setrole <> 0 and s.setrole::regrole::text || ' ' || c = r.setting)
            """),
        new("setting.server", "Put it back in postgresql.conf or by ALTER SYSTEM RESET.",
            """
            select s.name, format('The server runs with %s = %s, and not %s.', s.name, quote_literal(s.reset_val), quote_literal(e.value))
            from pg_settings s join (values ('row_security', 'on'), ('session_replication_role', 'origin'), ('allow_system_table_mods', 'off'), ('local_preload_libraries', ''), ('session_preload_libraries', ''),
                                            ('lo_compat_privileges', 'off'), ('transform_null_equals', 'off'), ('ignore_system_indexes', 'off')) e (name, value) on e.name = s.name
            where s.reset_val <> e.value
            """),
        new("setting.grant", "REVOKE SET, ALTER SYSTEM ON PARAMETER …",
            """
            select format('%s to %s', p.parname, case a.grantee when 0 then 'public' else a.grantee::regrole::text end), 'A role may change a setting that is a superuser''s: ' || string_agg(lower(a.privilege_type), ', ') || '.'
            from pg_parameter_acl p cross join lateral aclexplode(p.paracl) a
            where a.grantee = 0 or not (select rolsuper from pg_roles where oid = a.grantee) group by p.parname, a.grantee
            """),
        new("database.owner", "ALTER DATABASE … OWNER TO vouchsafe_owner.",
            "select quote_ident(datname), format('The database belongs to %s.', datdba::regrole) from pg_database where datname = current_database() and datdba not in (select oid from accounted)"),
        new("database.grant", "REVOKE … ON DATABASE …: our logins connect, and nobody else has a right.",
            """
            select format('%I to %s', d.datname, case a.grantee when 0 then 'public' else a.grantee::regrole::text end), 'A right on the database is granted: ' || string_agg(lower(a.privilege_type), ', ') || '.'
            from pg_database d cross join lateral aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
            where d.datname = current_database() and a.grantee <> d.datdba and (a.grantee not in (select oid from accounted) or a.grantee in (select oid from run_time) and a.privilege_type <> 'CONNECT')
            group by d.datname, a.grantee
            """),
        new("object.owner", "ALTER … OWNER TO vouchsafe_owner: whoever owns it may change or replace it.",
            """
            select format('%s %s', o.kind, o.name), format('It belongs to %s.', o.owner::regrole) from
            (
                select 'relation' as kind, c.oid::regclass::text as name, c.relowner as owner, c.relnamespace as home, 'pg_class'::regclass as class, c.oid from pg_class c where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
                union all select 'function', p.oid::regprocedure::text, p.proowner, p.pronamespace, 'pg_proc'::regclass, p.oid from pg_proc p
                union all select 'schema', quote_ident(n.nspname), n.nspowner, n.oid, 'pg_namespace'::regclass, n.oid from pg_namespace n
                union all select 'type', t.oid::regtype::text, t.typowner, t.typnamespace, 'pg_type'::regclass, t.oid from pg_type t where t.typrelid = 0 and t.typelem = 0
                union all select 'operator', p.oid::regoperator::text, p.oprowner, p.oprnamespace, 'pg_operator'::regclass, p.oid from pg_operator p
                union all select 'operator class', p.opcname::text, p.opcowner, p.opcnamespace, 'pg_opclass'::regclass, p.oid from pg_opclass p
            ) o join pg_namespace n on n.oid = o.home
            where (o.oid >= 16384 and n.nspname !~ '^pg_(toast|temp)') and o.owner <> 'vouchsafe_owner'::regrole
              and not exists (select from extension_members m where m.classid = o.class and m.objid = o.oid)
            """),
        new("server.slot", "SELECT pg_drop_replication_slot('…'): a logical slot keeps every tenant's changes for whoever reads it.",
            "select quote_ident(slot_name), 'A logical replication slot decodes every tenant''s rows.' from pg_replication_slots where slot_type = 'logical'"),
        new("server.language", "DROP LANGUAGE: its functions run as the server's account.",
            "select quote_ident(lanname), 'The language is untrusted.' from pg_language where not lanpltrusted and oid >= 16384"),
        new("server.event-trigger", "DROP EVENT TRIGGER.",
            "select quote_ident(evtname), 'An event trigger runs with whatever the migrations, or any login, do.' from pg_event_trigger"),
        new("server.subscription", "DROP SUBSCRIPTION: its worker writes past row-level security.",
            "select quote_ident(s.subname), 'A subscription writes into this database.' from pg_subscription s join pg_database d on d.oid = s.subdbid where d.datname = current_database()"),
        new("server.foreign", "DROP SERVER … CASCADE.",
            "select quote_ident(srvname), 'A foreign server lets statements reach other databases.' from pg_foreign_server"),
        new("server.extension", "DROP EXTENSION, or account for it: Vouchsafe:Database:KnownExtensions.",
            "select quote_ident(extname), 'Nobody accounts for the extension.' from pg_extension where extname <> all ($2)"),
        new("object.file", "Initialise a fresh cluster and restore into it: somebody changed the catalogue by hand.",
            """
            select string_agg(c.oid::regclass::text, ', ' order by c.oid), 'These relations read and write one file: whoever may read one reads all.' from pg_class c
            where pg_relation_filenode(c.oid) is not null group by pg_relation_filenode(c.oid), c.relisshared, nullif(c.reltablespace, (select dattablespace from pg_database where datname = current_database()))
            having count(*) > 1
            """),
        new("object.flags", "Initialise a fresh cluster and restore into it: somebody changed the catalogue by hand.",
            """
            select c.oid::regclass::text, 'The catalogue says that the relation has no triggers, rules, indexes, checks or columns of those that it lists: the server acts on the first.' from pg_class c
            where c.oid >= 16384 and (not c.relhastriggers and c.oid in (select tgrelid from pg_trigger) or not c.relhasrules and c.oid in (select ev_class from pg_rewrite)
                  or not c.relhasindex and c.oid in (select indrelid from pg_index) or not c.relhassubclass and c.oid in (select inhparent from pg_inherits)
                  or c.relchecks <> (select count(*) from pg_constraint k where k.conrelid = c.oid and k.contype = 'c')
                  or c.relnatts <> (select count(*) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0))
            """),
        new("object.large", "SELECT lo_unlink(…), and keep the bytes in a tenant table.",
            "select oid::text, 'A large object belongs to no tenant.' from pg_largeobject_metadata"),
        new("object.label", "SECURITY LABEL … IS NULL.",
            """
            select format('%s %s', provider, objtype), 'A security label changes who may do what, by rules of a library.' from pg_seclabels
            """),
    ];
}
