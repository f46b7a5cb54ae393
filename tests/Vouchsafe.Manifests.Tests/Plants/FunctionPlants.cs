namespace Vouchsafe.Manifests.Tests.Plants;

/// <summary>Functions that hand rows out, or change what ours do.</summary>
internal static class FunctionPlants
{
    private const string Peek =
        "create function public.peek() returns bigint language sql stable security definer set search_path = pg_catalog, pg_temp as 'select count(*) from backoffice.customers'; revoke all on function public.peek() from public;";

    internal static readonly Plant[] All =
    [
        new("function.definer-owner", "public.peek()", Peek + "grant execute on function public.peek() to vouchsafe_app"),
        new("function.definer-owner", "public.peek()", Peek + "grant execute on function public.peek() to vouchsafe_platform"),
        new("manifest.unknown", "function public.peek()", Peek),
        new("manifest.unknown", "function backoffice.peek()",
            "set local role vouchsafe_owner; create function backoffice.peek() returns bigint language sql stable security definer set search_path = pg_catalog, pg_temp as 'select 1::bigint'; grant execute on function backoffice.peek() to vouchsafe_app; reset role"),
        new("function.definer-owner", "pg_peek()", "create function pg_catalog.pg_peek() returns bigint language sql stable security definer as 'select count(*) from backoffice.customers'"),
        new("function.search-path", "public.peek()", "create function public.peek() returns int language sql security definer as 'select 1'"),
        new("manifest.unknown", "function public.run(text)", "create procedure public.run(text) language plpgsql as $$ begin execute $1; end $$; grant execute on procedure public.run(text) to vouchsafe_app"),
        new("manifest.unknown", "function public.gather", "create aggregate public.gather(text) (sfunc = textcat, stype = text)"),
        new("manifest.unknown", "function sha256(text)", "create function pg_catalog.sha256(text) returns bytea language sql immutable as $$ select '\\x00'::bytea $$"),
        new("function.language", "public.digest", "create function public.digest(bytea) returns bytea language internal as 'sha256_bytea'"),
        new("function.leakproof", "public.tell", "create function public.tell(uuid) returns boolean language plpgsql cost 0.1 leakproof as $$ begin raise notice '%', $1; return true; end $$"),
        new("manifest.changed", "function audit.append(", "create or replace function audit.append(p_tenant uuid, p_append uuid, p_leaves bytea[], p_sealed bytea[]) returns void language sql security definer set search_path = pg_catalog, pg_temp as ''"),
        new("manifest.changed", "function audit.append(", "grant execute on function audit.append(uuid, uuid, bytea[], bytea[]) to vouchsafe_platform"),
        new("manifest.changed", "function audit.head_of", "alter function audit.head_of(uuid) set role = 'postgres'"),
        new("manifest.changed", "function audit.head_of", "alter function audit.head_of(uuid) rename to head_of_it; alter function audit.head_of_it(uuid) rename to head_of; revoke all on function audit.head_of(uuid) from vouchsafe_app"),
        new("object.owner", "function audit.head_of", "alter function audit.head_of(uuid) owner to postgres"),
        new("role.owner", "function audit.head_of", "alter function audit.head_of(uuid) owner to vouchsafe_app"),
    ];
}
