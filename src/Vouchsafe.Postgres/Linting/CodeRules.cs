namespace Vouchsafe.Postgres.Linting;

/// <summary>Views and functions through which rows could leave.</summary>
internal static class CodeRules
{
    internal static readonly LintRule[] All =
    [
        new("view.owner-rights", "ALTER VIEW … SET (security_invoker = true).",
            """
            select c.oid::regclass::text, 'The view over a tenant table runs with its owner''s rights.' from over_tenants o join pg_class c on c.oid = o.oid
            where c.relkind = 'v' and not coalesce((select option_value::boolean from pg_options_to_table(c.reloptions) where option_name = 'security_invoker'), false)
            """),
        new("view.materialised", "Drop it: its rows lie outside row-level security. Keep a tenant table instead.",
            "select c.oid::regclass::text, 'The materialised view holds rows of a tenant table.' from over_tenants o join pg_class c on c.oid = o.oid where c.relkind = 'm'"),
        new("function.search-path", "Pin it: SET search_path = pg_catalog, pg_temp.",
            """
            select name, 'The SECURITY DEFINER function has no search_path of pg_catalog first and pg_temp last: names in it can be shadowed.' from functions
            where prosecdef and not exists (select from unnest(proconfig) setting where setting ~ '^search_path="?pg_catalog"?(,.*)?, ?"?pg_temp"?$')
              -- These name the schema of everything in them instead (decision 0020), and the manifest holds them to their text.
              and name not in ('vouchsafe.current_tenant()', 'vouchsafe.current_actor()', 'vouchsafe.may_see(uuid,uuid[])', 'vouchsafe.enter(text)', 'vouchsafe.enter_read_only(text)',
                               'vouchsafe.allow_idle_transaction()')
            """),
        new("function.definer-owner", "ALTER FUNCTION … OWNER TO vouchsafe_owner, or REVOKE EXECUTE: it runs with its owner's rights.",
            """
            select f.name, format('A run-time login may call this SECURITY DEFINER function, and it runs as %s.', f.proowner::regrole) from functions f
            where f.prosecdef and f.proowner <> 'vouchsafe_owner'::regrole and exists (select from run_time r where has_function_privilege(r.oid, f.oid, 'EXECUTE'))
            """),
        new("function.leakproof", "ALTER FUNCTION … NOT LEAKPROOF: the planner calls it on rows before the policy has hidden them.",
            "select name, 'The function is declared LEAKPROOF.' from functions where proleakproof"),
        new("function.key", "REVOKE ALL ON FUNCTION … FROM …: it returns a key with which contexts are verified.",
            """
            select f.name, 'Somebody besides the owner may call the function that returns a context key.' from functions f
            where f.name in ('vouchsafe.inner_pad(integer)', 'vouchsafe.outer_pad(integer)')
              and exists (select from aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) a where a.grantee <> f.proowner)
            """),
        new("function.language", "Write it in SQL or PL/pgSQL: a function in C or of an untrusted language runs as the server's account.",
            """
            select f.name, format('The function is written in %s.', l.lanname) from functions f join pg_language l on l.oid = f.prolang
            where not l.lanpltrusted and f.prosupport = 0 and not exists (select from extension_members m where m.classid = 'pg_proc'::regclass and m.objid = f.oid)
            """),
        new("grant.sequence", "REVOKE ALL ON SEQUENCE …: it tells each tenant how much the others write.",
            """
            select c.oid::regclass::text, 'A run-time login or everybody has rights on the sequence.' from pg_class c cross join lateral aclexplode(c.relacl) a
            where c.relkind = 'S' and (a.grantee = 0 or a.grantee in (select oid from run_time)) group by c.oid
            """),
        new("function.public", "REVOKE ALL ON FUNCTION … FROM PUBLIC, and grant it to one role.",
            """
            select name, 'Everybody may call the SECURITY DEFINER function.' from functions
            where prosecdef and exists (select from aclexplode(coalesce(proacl, acldefault('f', proowner))) a where a.grantee = 0 and a.privilege_type = 'EXECUTE')
            """),
    ];
}
