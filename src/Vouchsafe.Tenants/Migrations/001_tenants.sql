-- The directory of tenants: who the controller is (AD-01), and until when it may write (AF-26).

create schema if not exists tenants;
revoke all on schema tenants from public;
grant usage on schema tenants to vouchsafe_app, vouchsafe_platform;

create table tenants.tenants
(
    tenant_id           uuid        primary key,
    code                text        not null constraint tenants_code unique check (code ~ '^[a-z][a-z0-9-]{1,30}[a-z0-9]$'),
    legal_name          text        not null check (btrim(legal_name) <> '' and length(legal_name) <= 200),
    registration_number text        not null check (registration_number ~ '^[A-Z0-9]{2,32}$'),
    address             text        not null check (btrim(address) <> '' and length(address) <= 500),
    country             text        not null check (country ~ '^[A-Z]{2}$'),
    started_at          timestamptz not null,
    trial_ends_at       timestamptz not null check (trial_ends_at > started_at),
    subscribed_at       timestamptz,
    cancelled_at        timestamptz,
    return_until        timestamptz,
    gone_by           timestamptz,
    canary              boolean     not null default false,
    contested_at        timestamptz,
    check ((cancelled_at is null) = (return_until is null) and (cancelled_at is null) = (gone_by is null))
);
-- One tenant holds a registration. Whoever claims it as well is told nothing of the other: the claim is contested, and the operator decides.
create unique index tenants_registration on tenants.tenants (country, registration_number) where contested_at is null;
comment on column tenants.tenants.contested_at is 'since when another tenant holds this registration; null for the holder';
call vouchsafe.platform_table('tenants.tenants', because => 'the directory of tenants');

-- Whether another tenant holds the registration.
create function tenants.is_held(p_tenant uuid, p_country text, p_registration text) returns boolean
    language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    select exists (select from tenants.tenants t
                   where t.country = p_country and t.registration_number = p_registration and t.tenant_id <> p_tenant and t.contested_at is null)
$$;
revoke all on function tenants.is_held(uuid, text, text) from public;

-- True where the registration is contested. Written with the new tenant's own login, so that the account, the membership and the trail's first entries stand in the same transaction.
create function tenants.found(p_tenant uuid, p_code text, p_name text, p_registration text, p_address text, p_country text,
                              p_started timestamptz, p_trial_ends timestamptz, p_canary boolean, p_now timestamptz) returns boolean
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    contested boolean;
    violated  text;
begin
    if p_tenant is distinct from vouchsafe.current_tenant() or p_tenant is null then
        raise exception 'the session is not of this tenant' using errcode = '42501';
    end if;
    contested := tenants.is_held(p_tenant, p_country, p_registration);
    loop
        begin
            insert into tenants.tenants (tenant_id, code, legal_name, registration_number, address, country, started_at, trial_ends_at, canary, contested_at)
            values (p_tenant, p_code, p_name, p_registration, p_address, p_country, p_started, p_trial_ends, p_canary, case when contested then p_now end);
            return contested;
        exception when unique_violation then
            -- Two claimed one registration at once, and this one came second.
            get stacked diagnostics violated = constraint_name;
            if violated <> 'tenants_registration' or contested then
                raise;
            end if;
            contested := true;
        end;
    end loop;
end $$;
revoke all on function tenants.found(uuid, text, text, text, text, text, timestamptz, timestamptz, boolean, timestamptz) from public;
grant execute on function tenants.found(uuid, text, text, text, text, text, timestamptz, timestamptz, boolean, timestamptz) to vouchsafe_app;

-- True where this call cancelled; false where that was done before. It is done once: the clock can't be set back.
create function tenants.cancel(p_tenant uuid, p_at timestamptz, p_return_until timestamptz, p_gone_by timestamptz) returns boolean
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
    if p_tenant is distinct from vouchsafe.current_tenant() or p_tenant is null then
        raise exception 'the session is not of this tenant' using errcode = '42501';
    end if;
    update tenants.tenants t set cancelled_at = p_at, return_until = p_return_until, gone_by = p_gone_by
    where t.tenant_id = p_tenant and t.cancelled_at is null;
    return found;
end $$;
revoke all on function tenants.cancel(uuid, timestamptz, timestamptz, timestamptz) from public;
grant execute on function tenants.cancel(uuid, timestamptz, timestamptz, timestamptz) to vouchsafe_app;
