namespace Vouchsafe.Manifests.Tests.Plants;

/// <summary>Everything else that a database can hold.</summary>
internal static class ObjectPlants
{
    private const string Foreign = "create foreign data wrapper far; create server elsewhere foreign data wrapper far;";

    internal static readonly Plant[] All =
    [
        new("server.event-trigger", "watch", "create function public.watch() returns event_trigger language plpgsql as 'begin end'; create event trigger watch on ddl_command_end execute function public.watch()"),
        new("manifest.unknown", "publication feed", "create publication feed for all tables"),
        new("manifest.unknown", "publication feed", "create publication feed for tables in schema backoffice"),
        new("server.subscription", "feed", "create subscription feed connection 'host=127.0.0.1 port=1' publication feed with (connect = false, slot_name = none, enabled = false)"),
        new("server.foreign", "elsewhere", Foreign),
        new("table.foreign", "public.afar", Foreign + "create foreign table public.afar (x int) server elsewhere"),
        new("manifest.unknown", "user mapping", Foreign + "create user mapping for public server elsewhere"),
        new("server.extension", "file_fdw", "create extension file_fdw"),
        new("server.language", "raw", "create language raw handler plpgsql_call_handler"),
        new("object.large", "", "select lo_create(0)"),
        new("object.label", "nobody", "set local allow_system_table_mods = on; insert into pg_seclabel values ('backoffice.orders'::regclass, 'pg_class'::regclass, 0, 'nobody', 'open')"),
        new("object.owner", "schema backoffice", "alter schema backoffice owner to postgres"),
        new("manifest.changed", "schema audit", "grant usage on schema audit to public"),
        new("manifest.unknown", "schema loot", "create schema loot authorization vouchsafe_owner"),
        new("manifest.unknown", "cast", "create cast (text as uuid) with inout as implicit"),
        new("manifest.unknown", "operator public.=", "create operator public.= (leftarg = uuid, rightarg = uuid, function = uuid_ge)"),
        new("manifest.unknown", "operator pg_catalog.===", "create operator pg_catalog.=== (leftarg = uuid, rightarg = uuid, function = uuid_ge)"),
        new("manifest.unknown", "operator class", "create operator class public.odd for type uuid using hash as operator 1 =, function 1 uuid_hash(uuid)"),
        new("manifest.unknown", "type public.mood", "create type public.mood as enum ('a')"),
        new("manifest.unknown", "type public.code", "create domain public.code as text check (value <> '')"),
        new("manifest.unknown", "statistics", "create statistics backoffice.told (mcv) on email, city from backoffice.customers"),
        new("manifest.unknown", "conversion", "create default conversion public.odd for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8"),
        new("manifest.unknown", "collation", "create collation public.odd (provider = libc, locale = 'C')"),
        new("manifest.unknown", "text search dictionary", "create text search dictionary public.odd (template = simple)"),
        new("manifest.unknown", "access method", "create access method odd type table handler heap_tableam_handler"),
        new("manifest.unknown", "default privileges of postgres", "alter default privileges grant select on tables to vouchsafe_app"),
    ];
}
