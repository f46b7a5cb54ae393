namespace Vouchsafe.Manifests.Tests.Plants;

/// <summary>The functions and keys that say whose tenant a session is.</summary>
internal static class ContextPlants
{
    private const string CurrentTenant = "function vouchsafe.current_tenant()";

    internal static readonly Plant[] All =
    [
        new("manifest.changed", CurrentTenant,
            """
            create or replace function vouchsafe.current_tenant() returns uuid language plpgsql stable security definer set search_path = pg_catalog, pg_temp as
            $$ begin return coalesce(current_setting('x.b', true), '')::uuid; exception when others then return null; end $$
            """),
        new("manifest.changed", CurrentTenant, "create or replace function vouchsafe.current_tenant() returns uuid language plpgsql stable as $$ begin return current_setting('x.b', true)::uuid; end $$"),
        new("manifest.changed", CurrentTenant, "create or replace function vouchsafe.current_tenant() returns uuid language sql stable security definer as $$ select current_setting('x.b', true)::uuid $$"),
        new("manifest.changed", CurrentTenant,
            "do $$ begin execute format('create or replace function vouchsafe.current_tenant() returns uuid language plpgsql stable security definer as %L', replace(vouchsafe.context_source('current_tenant'), '>', '<')); end $$"),
        new("manifest.changed", CurrentTenant, "alter function vouchsafe.current_tenant() immutable"),
        new("manifest.changed", CurrentTenant, "alter function vouchsafe.current_tenant() security invoker"),
        new("manifest.changed", CurrentTenant, "alter function vouchsafe.current_tenant() strict"),
        new("manifest.changed", CurrentTenant, "alter function vouchsafe.current_tenant() set row_security = off"),
        new("manifest.changed", CurrentTenant, "alter function vouchsafe.current_tenant() set vouchsafe.context = '00'"),
        new("function.leakproof", "vouchsafe.current_tenant()", "alter function vouchsafe.current_tenant() leakproof"),
        new("function.definer-owner", "vouchsafe.current_tenant()", "alter function vouchsafe.current_tenant() owner to postgres"),
        new("manifest.changed", "function vouchsafe.current_actor()", "create or replace function vouchsafe.current_actor() returns uuid language sql stable security definer as 'select null::uuid'"),
        new("manifest.changed", "function vouchsafe.may_see", "create or replace function vouchsafe.may_see(owner_id uuid, shared_with uuid[]) returns boolean language sql stable security definer as 'select true'"),
        new("manifest.changed", "function vouchsafe.context_source",
            """
            create or replace function vouchsafe.context_source(question text) returns text language sql stable security definer set search_path = pg_catalog, pg_temp as
            $$ select 'begin return current_setting(''x.b'', true)::uuid; end' $$;
            create or replace function vouchsafe.current_tenant() returns uuid language plpgsql stable parallel restricted security definer as 'begin return current_setting(''x.b'', true)::uuid; end'
            """),
        new("manifest.changed", "function vouchsafe.context_source", "create or replace function vouchsafe.context_source(question text) returns text language plpgsql stable security definer as 'begin raise exception ''no''; end'"),
        new("manifest.missing", "function vouchsafe.context_source", "drop function vouchsafe.context_source(text)"),
        new("lint.blind", "context.seal-key", "create or replace function vouchsafe.seal_key_fingerprints() returns table (key_id smallint, fingerprint bytea) language plpgsql as 'begin raise exception ''no''; end'"),
        new("manifest.changed", "function vouchsafe.accept_seal_keys", "create or replace procedure vouchsafe.accept_seal_keys() language sql as ''"),
        new("manifest.changed", "function vouchsafe.inner_pad", "create or replace function vouchsafe.inner_pad(id integer) returns bytea language sql immutable as $$ select decode(repeat('36', 64), 'hex') $$"),
        new("manifest.changed", "function vouchsafe.seal_key_fingerprints",
            "create or replace function vouchsafe.seal_key_fingerprints() returns table (key_id smallint, fingerprint bytea) language sql as 'select 1::smallint, null::bytea where false'"),
        new("manifest.unknown", "function vouchsafe.current_tenant(text)", "create function vouchsafe.current_tenant(text) returns uuid language sql as 'select $1::uuid'"),
        new("manifest.missing", "function vouchsafe.current_seal_key()", "drop function vouchsafe.current_seal_key()"),
        new("context.seal-key", "key 7",
            """
            insert into vouchsafe.seal_keys select 7, decode(repeat('36', 64), 'hex'), decode(repeat('5c', 64), 'hex'), now() - interval '10 years';
            call vouchsafe.accept_seal_keys()
            """),
        new("context.seal-key", "key 1", "update vouchsafe.seal_keys set inner_pad = decode(repeat('36', 64), 'hex')"),
        new("context.seal-key", "key 1", "update vouchsafe.seal_keys set outer_pad = decode(repeat('5c', 64), 'hex')"),
        new("function.key", "vouchsafe.inner_pad", "grant execute on function vouchsafe.inner_pad(integer) to vouchsafe_app"),
        new("function.key", "vouchsafe.outer_pad", "grant execute on function vouchsafe.outer_pad(integer) to public"),
        new("manifest.changed", "column vouchsafe.seal_keys.inner_pad", "grant select (inner_pad) on vouchsafe.seal_keys to vouchsafe_app"),
        new("context.default", "vouchsafe_app", "alter role vouchsafe_app set vouchsafe.context = '00'"),
    ];
}
