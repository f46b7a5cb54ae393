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
              -- These name the schema of everything in them, and are to be this text and no other.
              and (name, regexp_replace(prosrc, '\s+', ' ', 'g')) not in (
                ('vouchsafe.enter(text)', ' declare entered constant pg_catalog.text := pg_catalog.set_config(''vouchsafe.context'', context, true); begin end '),
                ('vouchsafe.enter_read_only(text)', ' declare limited constant pg_catalog.text := pg_catalog.set_config(''transaction_read_only'', ''on'', true);'
                  || ' entered constant pg_catalog.text := pg_catalog.set_config(''vouchsafe.context'', context, true); begin end '))
              and not (name in ('vouchsafe.current_tenant()', 'vouchsafe.current_actor()', 'vouchsafe.may_see(uuid,uuid[])')
                       and prosrc = vouchsafe.context_source(substring(name from '\.(\w+)')))
            """),
        new("function.public", "REVOKE ALL ON FUNCTION … FROM PUBLIC, and grant it to one role.",
            """
            select name, 'Everybody may call the SECURITY DEFINER function.' from functions
            where prosecdef and exists (select from aclexplode(coalesce(proacl, acldefault('f', proowner))) a where a.grantee = 0 and a.privilege_type = 'EXECUTE')
            """),
    ];
}
