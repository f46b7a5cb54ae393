-- The controller's details change in life: companies move, marry and convert. Corrected with the tenant's own login, so that
-- the trail's entry stands in the same transaction. Null where nothing was different,
-- else whether the registration is contested now.
create function tenants.correct(p_tenant uuid, p_name text, p_registration text, p_address text, p_country text, p_now timestamptz) returns boolean
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    contested boolean;
begin
    if p_tenant is distinct from vouchsafe.current_tenant() or p_tenant is null then
        raise exception 'the session is not of this tenant' using errcode = '42501';
    end if;
    contested := tenants.is_held(p_tenant, p_country, p_registration);
    loop
        begin
            update tenants.tenants t set legal_name = p_name, registration_number = p_registration, address = p_address, country = p_country,
                contested_at = case when contested then coalesce(t.contested_at, p_now) end
            where t.tenant_id = p_tenant
              and (t.legal_name, t.registration_number, t.address, t.country) is distinct from (p_name, p_registration, p_address, p_country);
            return case when found then contested end;
        exception when unique_violation then
            if contested then
                raise;
            end if;
            contested := true;
        end;
    end loop;
end $$;
revoke all on function tenants.correct(uuid, text, text, text, text, timestamptz) from public;
grant execute on function tenants.correct(uuid, text, text, text, text, timestamptz) to vouchsafe_app;
