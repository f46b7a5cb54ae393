-- The controller's details change in life: companies move, marry and convert. Corrected with the tenant's own login, so that
-- the trail's entry stands in the same transaction. False where nothing was different.
create function tenants.correct(p_tenant uuid, p_name text, p_registration text, p_address text, p_country text) returns boolean
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
    if p_tenant is distinct from vouchsafe.current_tenant() or p_tenant is null then
        raise exception 'the session is not of this tenant' using errcode = '42501';
    end if;
    update tenants.tenants t set legal_name = p_name, registration_number = p_registration, address = p_address, country = p_country
    where t.tenant_id = p_tenant
      and (t.legal_name, t.registration_number, t.address, t.country) is distinct from (p_name, p_registration, p_address, p_country);
    return found;
end $$;
revoke all on function tenants.correct(uuid, text, text, text, text) from public;
grant execute on function tenants.correct(uuid, text, text, text, text) to vouchsafe_app;
