namespace Vouchsafe.Manifests.Tests.Plants;

/// <summary>Plants where a list of places to look at leaves one out: among the server's own objects, below another object, in an extension, in a schema of the server's.</summary>
internal static class HiddenPlants
{
    private const string ByHand = "set local allow_system_table_mods = on;";

    /// <summary>Nothing but its being there is wrong with it: it belongs to the owner, is pinned, and is granted to one login.</summary>
    private const string Peek =
        """
        set local role vouchsafe_owner;
        create function backoffice.peek() returns bigint language sql stable security definer set search_path = pg_catalog, pg_temp as 'select count(*) from backoffice.customers';
        grant execute on function backoffice.peek() to vouchsafe_app;
        reset role;
        """;

    private const string PeekInItsSchema =
        """
        set local allow_system_table_mods = on;
        create schema pg_loot authorization vouchsafe_owner;
        create function pg_loot.peek() returns bigint language sql stable security definer set search_path = pg_catalog, pg_temp as 'select count(*) from backoffice.customers';
        alter function pg_loot.peek() owner to vouchsafe_owner;
        revoke all on function pg_loot.peek() from public;
        grant usage on schema pg_loot to vouchsafe_app;
        grant execute on function pg_loot.peek() to vouchsafe_app;
        """;

    private const string ToastOfCustomers = "(select reltoastrelid from pg_class where oid = 'backoffice.customers'::regclass)";

    internal static readonly Plant[] All =
    [
        // The information schema and the system views.
        new("builtin.digest", "pg_proc",
            """
            create or replace function information_schema._pg_interval_type(typid oid, mod int4) returns text language sql stable security definer set search_path = pg_catalog, pg_temp
            as 'select count(*)::text from backoffice.customers'
            """),
        new("builtin.digest", "pg_rewrite", "create or replace view information_schema.enabled_roles as select 'x'::name::information_schema.sql_identifier as role_name"),
        new("builtin.digest", "pg_rewrite", ByHand +
            """
            do $$ begin execute 'create or replace view pg_catalog.pg_views as ' || rtrim(pg_get_viewdef('pg_views'), ';') || ' and c.relname <> ''loot'''; end $$;
            delete from pg_depend where classid = 'pg_rewrite'::regclass and objid = (select oid from pg_rewrite where ev_class = 'pg_views'::regclass)
            """),
        new("builtin.digest", "pg_rewrite", ByHand + "drop rule pg_settings_n on pg_catalog.pg_settings"),
        new("builtin.digest", "pg_class", ByHand + "alter view pg_catalog.pg_stats reset (security_barrier)"),
        new("builtin.digest", "pg_attrdef", "alter table information_schema.sql_parts alter comments set default current_user"),

        // The server's own, of kinds whose oids initdb gives or which nobody listed.
        new("builtin.digest", "pg_proc", "alter function pg_catalog.plpgsql_call_handler() security definer"),
        new("builtin.digest", "pg_proc", "create or replace function pg_catalog.plpgsql_inline_handler(internal) returns void language c strict as '$libdir/dict_snowball', 'dsnowball_init'"),
        new("builtin.digest", "pg_proc", "update pg_proc set probin = '$libdir/other' where proname = 'dsnowball_lexize'"),
        new("builtin.digest", "pg_proc", "update pg_proc set proargdefaults = null, pronargdefaults = 0 where oid = 'parse_ident(text, boolean)'::regprocedure"),
        new("builtin.digest", "pg_opclass", "update pg_opclass set opcdefault = false where opcname = 'uuid_ops'"),
        new("builtin.digest", "pg_am", "update pg_am set amhandler = 'brinhandler' where amname = 'spgist'"),
        new("builtin.digest", "pg_range", "update pg_range set rngsubdiff = 'int8range_subdiff' where rngtypid = 'tsrange'::regtype"),
        new("builtin.digest", "pg_type", "update pg_type set typanalyze = 'array_typanalyze' where oid = 'uuid'::regtype"),
        new("builtin.digest", "pg_type", "update pg_type set typinput = 'textin' where oid = 'information_schema.sql_identifier'::regtype"),
        new("builtin.digest", "pg_aggregate", "update pg_aggregate set aggserialfn = 0 where aggfnoid = 'pg_catalog.avg(numeric)'::regprocedure"),
        new("builtin.digest", "pg_language", "update pg_language set lanvalidator = 0 where lanname = 'c'"),
        new("builtin.digest", "pg_conversion", "update pg_conversion set condefault = false where conname = 'utf8_to_iso_8859_1'"),
        new("builtin.digest", "pg_ts_parser", "update pg_ts_parser set prsheadline = 0 where prsname = 'default'"),
        new("builtin.digest", "pg_ts_config", "alter text search configuration pg_catalog.simple alter mapping for word with english_stem"),
        new("builtin.digest", "pg_ts_dict", "alter text search dictionary pg_catalog.english_stem (stopwords = 'other')".Replace("'other'", "dutch", StringComparison.Ordinal)),
        new("builtin.digest", "pg_index", "update pg_index set indimmediate = false where indexrelid = 'pg_ts_parser_oid_index'::regclass"),
        new("builtin.digest", "pg_attribute", "update pg_attribute set attnotnull = false where attrelid = 'pg_largeobject'::regclass and attname = 'data'"),
        new("builtin.digest", "pg_extension", "update pg_extension set extversion = '1.1' where extname = 'plpgsql'"),
        new("builtin.digest", "pg_constraint", "alter domain information_schema.cardinal_number drop constraint cardinal_number_domain_check"),
        new("builtin.digest", "pg_init_privs",
            """
            grant select on pg_catalog.pg_authid to vouchsafe_app;
            update pg_init_privs set initprivs = (select relacl from pg_class where oid = 'pg_authid'::regclass) where objoid = 'pg_authid'::regclass
            """),
        new("manifest.unknown", "index ", ByHand + "create index told on pg_catalog.pg_ts_parser (prsname)"),
        new("manifest.unknown", "constraint ", ByHand + "alter table pg_catalog.pg_ts_parser add constraint told check (prsname <> '')"),

        // What is put into plpgsql.
        new("manifest.unknown", "function backoffice.peek()", Peek + "alter extension plpgsql add function backoffice.peek()"),
        new("manifest.unknown", "table backoffice.loot",
            """
            set local role vouchsafe_owner; create table backoffice.loot (name text); call vouchsafe.reference_table('backoffice.loot'); reset role;
            alter extension plpgsql add table backoffice.loot
            """),
        new("manifest.unknown", "type backoffice.code", "set local role vouchsafe_owner; create domain backoffice.code as text; reset role; alter extension plpgsql add domain backoffice.code"),
        new("manifest.unknown", "schema loot", "create schema loot authorization vouchsafe_owner; alter extension plpgsql add schema loot"),
        new("manifest.unknown", "cast", "create cast (text as uuid) with inout as implicit; alter extension plpgsql add cast (text as uuid)"),

        // Schemas of the server's.
        new("manifest.unknown", "function pg_loot.peek()", PeekInItsSchema),
        new("manifest.unknown", "schema pg_loot", PeekInItsSchema),
        new("manifest.unknown", "table pg_toast.loot", ByHand + "create table pg_toast.loot () inherits (backoffice.customers)"),
        new("manifest.unknown", "view pg_loot.everyone",
            ByHand + "create schema pg_loot authorization vouchsafe_owner; create view pg_loot.everyone with (security_invoker = true) as select 1 as one; alter view pg_loot.everyone owner to vouchsafe_owner"),
        new("manifest.unknown", "function pg_temp_", "create function pg_temp.peek() returns bigint language sql stable set search_path = pg_catalog, pg_temp as 'select 1::bigint'; revoke all on function pg_temp.peek() from public"),
        new("manifest.unknown", "schema pg_temp_",
            "create temporary table loot (x int); do $$ begin execute format('grant usage on schema %s to vouchsafe_app', pg_my_temp_schema()::regnamespace); end $$"),

        // What the server makes beside a table.
        new("manifest.unknown", "TOAST table pg_toast.pg_toast_", $"update pg_class set relacl = '{{vouchsafe_app=r/vouchsafe_owner}}' where oid = {ToastOfCustomers}"),
        new("manifest.unknown", "TOAST table backoffice.pg_toast_", $"update pg_class set relnamespace = 'backoffice'::regnamespace, relacl = '{{vouchsafe_app=r/vouchsafe_owner}}' where oid = {ToastOfCustomers}"),
        new("manifest.unknown", "TOAST table pg_toast.pg_toast_", $"update pg_attribute set attacl = '{{vouchsafe_app=r/vouchsafe_owner}}' where attrelid = {ToastOfCustomers} and attname = 'chunk_data'"),
        new("manifest.unknown", "trigger backoffice.orders.swallow",
            """
            create trigger swallow before update on backoffice.orders for each row execute function suppress_redundant_updates_trigger();
            update pg_trigger set tgisinternal = true where tgname = 'swallow'
            """),
        new("manifest.unknown", "RI_ConstraintTrigger_a_1",
            """
            create trigger "RI_ConstraintTrigger_a_1" before update on backoffice.orders for each row execute function suppress_redundant_updates_trigger();
            update pg_trigger set tgisinternal = true, tgconstraint = (select oid from pg_constraint where conrelid = 'backoffice.orders'::regclass and contype = 'f' limit 1) where tgname = 'RI_ConstraintTrigger_a_1'
            """),
        new("manifest.changed", "constraint backoffice.orders.",
            "delete from pg_trigger where tgconstraint = (select oid from pg_constraint where conrelid = 'backoffice.orders'::regclass and contype = 'f' limit 1) and tgrelid = 'backoffice.orders'::regclass"),
        new("manifest.changed", "constraint backoffice.orders.",
            "update pg_constraint set conpfeqop = array_fill('pg_catalog.>=(uuid, uuid)'::regoperator::oid, array[cardinality(conpfeqop)]) where conrelid = 'backoffice.orders'::regclass and contype = 'f'"),
        new("manifest.changed", "constraint backoffice.orders.", "update pg_trigger set tgfoid = '\"RI_FKey_cascade_del\"'::regproc where tgisinternal and tgfoid = '\"RI_FKey_noaction_del\"'::regproc"),
        new("manifest.changed", "constraint backoffice.orders.", "update pg_trigger set tgtype = 33 where tgisinternal and tgfoid = '\"RI_FKey_check_ins\"'::regproc"),
        new("manifest.changed", "index backoffice.customers_pkey", "update pg_index set indimmediate = false where indexrelid = 'backoffice.customers_pkey'::regclass"),
        new("manifest.unknown", "type backoffice.customers", "update pg_type set typoutput = 'textout' where typname = 'customers' and typnamespace = 'backoffice'::regnamespace"),
        new("manifest.unknown", "type backoffice.customers[]", "update pg_type set typreceive = 'textrecv' where typname = '_customers' and typnamespace = 'backoffice'::regnamespace"),

        // What the catalogue says of a table, changed by hand.
        new("object.flags", "backoffice.orders", "update pg_class set relhastriggers = false where oid = 'backoffice.orders'::regclass"),
        new("object.flags", "vouchsafe.seal_keys", "update pg_class set relchecks = 0 where oid = 'vouchsafe.seal_keys'::regclass"),
        new("object.file", "vouchsafe.write_probe", "update pg_class set relfilenode = pg_relation_filenode('backoffice.customers') where oid = 'vouchsafe.write_probe'::regclass"),
        new("object.file", "vouchsafe.write_probe", "update pg_class set relfilenode = pg_relation_filenode('pg_authid'), reltablespace = 1664, relisshared = true where oid = 'vouchsafe.write_probe'::regclass"),
        new("manifest.changed", "table backoffice.orders", "create access method odd type table handler heap_tableam_handler; update pg_class set relam = (select oid from pg_am where amname = 'odd') where oid = 'backoffice.orders'::regclass"),
        new("manifest.changed", "table backoffice.orders", "create type backoffice.shape as (x int); update pg_class set reloftype = 'backoffice.shape'::regtype where oid = 'backoffice.orders'::regclass"),
        new("statistics.left", "backoffice.customers.email",
            """
            insert into backoffice.customers (tenant_id, customer_id, name, contact_name, email, phone, street, postal_code, city, country, vat_number, created_at, changed_at)
            select gen_random_uuid(), gen_random_uuid(), 'Tamm', '', 'p' || n, '', '', '', '', 'EE', '', now(), now() from generate_series(1, 50) n;
            alter table backoffice.customers alter email set statistics 100;
            analyze backoffice.customers;
            alter table backoffice.customers alter email set statistics 0
            """),

        // Steps from one role to the next.
        new("role.member", "pg_read_all_settings in vouchsafe_owner", "grant vouchsafe_owner to pg_read_all_settings"),
        new("role.member", "pg_read_all_stats in postgres", "grant postgres to pg_read_all_stats"),
        new("role.member", "pg_stat_scan_tables in pg_read_all_data", "grant pg_read_all_data to pg_stat_scan_tables"),
        new("role.member", "pg_monitor in vouchsafe_app", "grant vouchsafe_app to pg_monitor"),
    ];
}
