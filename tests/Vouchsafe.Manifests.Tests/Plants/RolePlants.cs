namespace Vouchsafe.Manifests.Tests.Plants;

/// <summary>Roles, memberships and the settings that sessions begin with.</summary>
internal static class RolePlants
{
    internal static readonly Plant[] All =
    [
        new("role.bypass", "shadow", "create role shadow superuser login password 'x'"),
        new("role.bypass", "shadow", "create role shadow bypassrls"),
        new("role.bypass", "vouchsafe_owner", "alter role vouchsafe_owner superuser"),
        new("role.bypass", "vouchsafe_app", "alter role vouchsafe_app bypassrls"),
        new("role.privileged", "shadow", "create role shadow createrole"),
        new("role.privileged", "shadow", "create role shadow replication login"),
        new("role.privileged", "vouchsafe_app", "alter role vouchsafe_app createrole"),
        new("role.privileged", "vouchsafe_owner", "alter role vouchsafe_owner createdb"),
        new("role.missing", "vouchsafe_platform", "alter role vouchsafe_platform rename to somebody"),
        new("role.connections", "vouchsafe_app", "alter role vouchsafe_app connection limit -1"),
        new("role.unknown", "shadow", "create role shadow login; grant connect on database {db} to shadow"),
        new("role.member", "vouchsafe_app in pg_read_all_data", "grant pg_read_all_data to vouchsafe_app"),
        new("role.member", "vouchsafe_platform in pg_write_all_data", "grant pg_write_all_data to vouchsafe_platform"),
        new("role.member", "vouchsafe_app in pg_execute_server_program", "grant pg_execute_server_program to vouchsafe_app"),
        new("role.member", "vouchsafe_app in pg_signal_backend", "grant pg_signal_backend to vouchsafe_app"),
        new("role.member", "vouchsafe_owner in pg_read_server_files", "grant pg_read_server_files to vouchsafe_owner"),
        new("role.member", "shadow in pg_monitor", "create role shadow; grant pg_monitor to shadow"),
        new("role.member", "vouchsafe_app in postgres", "grant postgres to vouchsafe_app"),
        new("role.member", "shadow in postgres", "create role shadow; grant postgres to shadow"),
        new("role.member", "shadow in vouchsafe_owner", "create role shadow; grant vouchsafe_owner to shadow"),
        new("setting.session", "vouchsafe_app row_security", "alter role vouchsafe_app set row_security = off"),
        new("setting.session", "vouchsafe_app search_path", "alter role vouchsafe_app set search_path = public"),
        new("setting.session", "session_preload_libraries", "alter role vouchsafe_app in database {db} set session_preload_libraries = 'plpgsql'"),
        new("setting.session", "every role", "alter database {db} set search_path = public, pg_catalog"),
        new("setting.session", "every role session_replication_role", "alter role all set session_replication_role = replica"),
        new("setting.session", "vouchsafe_platform", "alter role vouchsafe_platform set default_transaction_read_only = on"),
        new("setting.session", "vouchsafe_owner", "alter role vouchsafe_owner set check_function_bodies = off"),
        new("setting.missing", "vouchsafe_app lock_timeout", "alter role vouchsafe_app reset lock_timeout"),
        new("setting.session", "vouchsafe_app lock_timeout", "alter role vouchsafe_app set lock_timeout = 0"),
        new("setting.grant", "session_replication_role", "grant set on parameter session_replication_role to vouchsafe_app"),
        new("setting.grant", "allow_system_table_mods", "grant set, alter system on parameter allow_system_table_mods to public"),
        new("database.owner", "t_", "create role shadow; alter database {db} owner to shadow"),
        new("database.grant", "to public", "grant connect on database {db} to public"),
        new("database.grant", "to vouchsafe_app", "grant create on database {db} to vouchsafe_app"),
        new("grant.create", "vouchsafe_app", "grant temporary on database {db} to vouchsafe_app"),
        new("grant.create", "vouchsafe_platform on schema audit", "grant create on schema audit to vouchsafe_platform"),
    ];
}
