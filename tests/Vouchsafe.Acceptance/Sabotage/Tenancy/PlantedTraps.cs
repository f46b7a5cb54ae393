namespace Vouchsafe.Acceptance.Sabotage.Tenancy;

/// <summary>A table is declared as one that everybody may read, and the database's own word for it would do.</summary>
internal sealed class RecommentedTable() : BrokenSchema(
    "tenancy.row-security", "declare a tenant's table as a reference table", "backoffice.number_series",
    "comment on table backoffice.number_series is 'vouchsafe:reference select'; alter table backoffice.number_series disable row level security",
    "comment on table backoffice.number_series is 'vouchsafe:tenant select,insert,update'; alter table backoffice.number_series enable row level security",
    "select not relrowsecurity from pg_class where oid = 'backoffice.number_series'::regclass");

internal sealed class SuperusersFunction() : BrokenSchema(
    "tenancy.row-security", "grant the application a superuser's function, pinned as it should be", "public.peek()",
    """
    create function public.peek() returns bigint language sql stable security definer set search_path = pg_catalog, pg_temp as 'select count(*) from vouchsafe.canaries';
    revoke all on function public.peek() from public;
    grant execute on function public.peek() to vouchsafe_app
    """,
    "drop function public.peek()",
    "select has_function_privilege('vouchsafe_app', 'public.peek()', 'EXECUTE')");

internal sealed class SecondSuperuser() : BrokenSchema(
    "tenancy.row-security", "make a second superuser", "shadow",
    "create role shadow superuser login",
    "drop role shadow",
    "select rolsuper from pg_roles where rolname = 'shadow'");

internal sealed class ColumnGrantOnTrail() : BrokenSchema(
    "tenancy.row-security", "let the application write one column of the trail", "audit.entries.sealed",
    "grant update (sealed) on audit.entries to vouchsafe_app",
    "revoke update (sealed) on audit.entries from vouchsafe_app",
    "select has_column_privilege('vouchsafe_app', 'audit.entries', 'sealed', 'UPDATE')");

/// <summary>A function that initdb made, and that no list of functions names.</summary>
internal sealed class InformationSchemaFunction() : BrokenSchema(
    "tenancy.row-security", "replace a function of the information schema", "pg_proc",
    """
    create or replace function information_schema._pg_interval_type(typid oid, mod int4) returns text language sql stable security definer set search_path = pg_catalog, pg_temp
    as 'select count(*)::text from vouchsafe.canaries'
    """,
    """
    create or replace function information_schema._pg_interval_type(typid oid, mod int4) returns text language sql immutable parallel safe strict
    return case when $1 in (1186) then pg_catalog.upper(substring(pg_catalog.format_type($1, $2) similar 'interval[()0-9]* #"%#"' escape '#')) else null end
    """,
    "select prosecdef from pg_proc where oid = 'information_schema._pg_interval_type(oid, int4)'::regprocedure");

internal sealed class MemberOfExtension() : BrokenSchema(
    "tenancy.row-security", "put a function into the extension plpgsql", "function vouchsafe.peek()",
    """
    set role vouchsafe_owner;
    create function vouchsafe.peek() returns bigint language sql stable security definer set search_path = pg_catalog, pg_temp as 'select count(*) from vouchsafe.canaries';
    grant execute on function vouchsafe.peek() to vouchsafe_app;
    reset role;
    alter extension plpgsql add function vouchsafe.peek()
    """,
    "alter extension plpgsql drop function vouchsafe.peek(); drop function vouchsafe.peek()",
    "select exists (select from pg_depend where objid = to_regprocedure('vouchsafe.peek()') and deptype = 'e')");

internal sealed class SteppingStone() : BrokenSchema(
    "tenancy.row-security", "make a role of the server's a member of the owner", "pg_read_all_settings in vouchsafe_owner",
    "grant vouchsafe_owner to pg_read_all_settings",
    "revoke vouchsafe_owner from pg_read_all_settings",
    "select pg_has_role('pg_read_all_settings', 'vouchsafe_owner', 'MEMBER')");

/// <summary>It answers as the genuine one does, until its maker sets a variable.</summary>
internal sealed class BackDoor() : BrokenSchema(
    "tenancy.data-layer", "give current_tenant() a back door", "vouchsafe.current_tenant()",
    """
    do $$ begin
        execute format('create or replace function vouchsafe.current_tenant() returns uuid language plpgsql stable security definer set search_path = pg_catalog, pg_temp as %L',
            replace(vouchsafe.context_source('current_tenant'), E'\nbegin\n', E'\nbegin\n    if current_setting(''x.b'', true) <> '''' then return current_setting(''x.b'')::uuid; end if;\n'));
    end $$
    """,
    "call vouchsafe.accept_seal_keys()",
    "select prosrc like '%x.b%' from pg_proc where oid = 'vouchsafe.current_tenant()'::regprocedure");

/// <summary>The functions are the genuine ones; the key isn't.</summary>
internal sealed class ForeignKey() : BrokenSchema(
    "tenancy.data-layer", "have the database believe a second key", "key 7",
    """
    insert into vouchsafe.seal_keys select 7, decode(repeat('36', 64), 'hex'), decode(repeat('5c', 64), 'hex'), now() - interval '10 years';
    call vouchsafe.accept_seal_keys()
    """,
    "delete from vouchsafe.seal_keys where key_id = 7; call vouchsafe.accept_seal_keys()",
    "select exists (select from vouchsafe.seal_keys where key_id = 7)");
