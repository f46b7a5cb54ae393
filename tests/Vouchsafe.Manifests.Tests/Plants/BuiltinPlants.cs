namespace Vouchsafe.Manifests.Tests.Plants;

/// <summary>PostgreSQL's own functions, views and rights.</summary>
internal static class BuiltinPlants
{
    internal static readonly Plant[] All =
    [
        new("builtin.function", "sha256", "create or replace function pg_catalog.sha256(bytea) returns bytea language sql immutable strict parallel safe as 'select $1'"),
        new("builtin.function", "sha256", "create or replace function pg_catalog.sha256(bytea) returns bytea language internal immutable strict leakproof parallel safe as 'byteain'"),
        new("builtin.function", "byteaeq", "set local allow_system_table_mods = on; update pg_proc set prosrc = 'byteale' where oid = 'byteaeq'::regproc"),
        new("builtin.function", "current_setting", "alter function pg_catalog.current_setting(text, boolean) set x.b = '1'"),
        new("builtin.function", "timestamptz_send", "alter function pg_catalog.timestamptz_send(timestamptz) owner to vouchsafe_app"),
        new("builtin.function", "pg_ls_dir(text)", "alter function pg_catalog.pg_ls_dir(text) security definer"),
        new("builtin.digest", "pg_proc", "alter function pg_catalog.textlike(text, text) leakproof"),
        new("builtin.digest", "pg_proc", "alter function pg_catalog.now() volatile"),
        new("builtin.digest", "pg_operator", "set local allow_system_table_mods = on; update pg_operator set oprcode = 'uuid_ge' where oid = 'pg_catalog.=(uuid, uuid)'::regoperator"),
        new("builtin.digest", "pg_cast", "set local allow_system_table_mods = on; update pg_cast set castcontext = 'i' where castsource = 'text'::regtype"),
        new("builtin.digest", "pg_rewrite",
            """
            create role shadow superuser; set local allow_system_table_mods = on;
            do $$ begin execute 'create or replace view pg_catalog.pg_roles as ' || rtrim(pg_get_viewdef('pg_roles'), ';') || ' where pg_authid.rolname <> ''shadow'''; end $$
            """),
        new("builtin.table", "pg_proc", "set local allow_system_table_mods = on; alter table pg_catalog.pg_proc enable row level security"),
        new("builtin.open", "pg_read_file", "grant execute on function pg_catalog.pg_read_file(text) to vouchsafe_app"),
        new("builtin.grant", "pg_read_file", "grant execute on function pg_catalog.pg_read_file(text) to vouchsafe_owner"),
        new("builtin.open", "lo_get", "grant execute on function pg_catalog.lo_get(oid) to public"),
        new("builtin.open", "lo_export", "grant execute on function pg_catalog.lo_export(oid, text) to vouchsafe_platform"),
        new("builtin.open", "pg_stat_get_activity", "grant execute on function pg_catalog.pg_stat_get_activity(integer) to public"),
        new("builtin.open", "set_config", "grant execute on function pg_catalog.set_config(text, text, boolean) to public"),
        new("builtin.open", "query_to_xml", "grant execute on function pg_catalog.query_to_xml(text, boolean, boolean, text) to vouchsafe_app"),
        new("builtin.open", "pg_notify", "grant execute on function pg_catalog.pg_notify(text, text) to vouchsafe_app"),
        new("builtin.grant", "setseed", "grant execute on function pg_catalog.setseed(double precision) to vouchsafe_owner"),
        new("builtin.grant", "pg_settings", "grant update on pg_catalog.pg_settings to vouchsafe_app"),
        new("builtin.language", "plpgsql", "grant usage on language plpgsql to public"),
        new("builtin.language", "sql", "grant usage on language sql to vouchsafe_platform"),
        new("builtin.open", "pg_advisory_lock(bigint)", "grant execute on function pg_catalog.pg_advisory_lock(bigint) to public"),
        new("builtin.open", "pg_terminate_backend", "grant execute on function pg_catalog.pg_terminate_backend(integer, bigint) to vouchsafe_app"),
        new("builtin.grant", "pg_authid to", "grant select on pg_catalog.pg_authid to vouchsafe_app"),
        new("builtin.grant", "pg_authid.rolpassword", "grant select (rolpassword) on pg_catalog.pg_authid to vouchsafe_platform"),
        new("builtin.grant", "pg_statistic", "grant select on pg_catalog.pg_statistic to public"),
        new("builtin.grant", "pg_catalog to", "grant create on schema pg_catalog to vouchsafe_app"),
        new("builtin.grant", "pg_largeobject", "grant select on pg_catalog.pg_largeobject to public"),
        new("builtin.grant", "plpgsql to", "grant usage on language plpgsql to vouchsafe_app with grant option"),
        new("lint.blind", "catalogue", "revoke select on pg_catalog.pg_proc from public"),
        new("lint.blind", "", "revoke select on pg_catalog.pg_db_role_setting from public"),
    ];
}
