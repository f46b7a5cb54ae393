-- A canary account isn't somebody: a tenant, and the operator's staff, keep an administrator besides it.
create or replace function identity.demand_another_administrator(p_tenant uuid, p_user uuid) returns void
    language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    if not exists (select from identity.memberships m join identity.users u on u.user_id = m.user_id
                   where m.tenant_id = p_tenant and m.user_id <> p_user and m.role in ('admin', 'platform_admin') and not u.canary) then
        raise exception 'a tenant keeps at least one administrator' using errcode = 'VS001';
    end if;
end $$;
