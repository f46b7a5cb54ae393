-- Changes of membership, made with the tenant's login so that the trail's entry stands in the same transaction.
-- Each function acts on the sealed tenant alone, and asks whether the sealed actor administers it: a statement
-- injected under an ordinary member's session gives nobody a role.

create function identity.demand_administrator(p_tenant uuid) returns void
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    actor constant uuid := vouchsafe.current_actor();
begin
    if p_tenant is distinct from vouchsafe.current_tenant() or p_tenant is null then
        raise exception 'the session is not of this tenant' using errcode = '42501';
    end if;
    -- One change of a tenant's memberships at a time, or two administrators could remove each other at once.
    -- Whoever waited sees in the next statement what the other one left.
    perform from identity.memberships m where m.tenant_id = p_tenant and m.role in ('admin', 'platform_admin') order by m.user_id for update;
    -- The nil actor is the system: a job or the seed, never a request.
    if actor = '00000000-0000-0000-0000-000000000000' then
        return;
    end if;
    if exists (select from identity.memberships m where m.tenant_id = p_tenant)
       and not exists (select from identity.memberships m
                       where m.tenant_id = p_tenant and m.user_id = actor and m.role in ('admin', 'platform_admin')) then
        raise exception 'the actor does not administer this tenant' using errcode = 'VS004';
    end if;
end $$;
revoke all on function identity.demand_administrator(uuid) from public;

create function identity.demand_another_administrator(p_tenant uuid, p_user uuid) returns void
    language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    if not exists (select from identity.memberships m
                   where m.tenant_id = p_tenant and m.user_id <> p_user and m.role in ('admin', 'platform_admin')) then
        raise exception 'a tenant keeps at least one administrator' using errcode = 'VS001';
    end if;
end $$;
revoke all on function identity.demand_another_administrator(uuid, uuid) from public;

-- Accounts whose mailbox nobody proved are made by the process itself alone: canaries, the seed, the operator's first account.
-- No request has the nil actor, so that no statement injected into one makes an account; a person's is made by 004's redeem.
create function identity.create_user(p_tenant uuid, p_user uuid, p_index bytea, p_sealed bytea, p_password text, p_canary boolean, p_confirmed boolean) returns void
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform identity.demand_administrator(p_tenant);
    if vouchsafe.current_actor() <> '00000000-0000-0000-0000-000000000000' then
        raise exception 'an account belongs to whoever reads its mail' using errcode = '42501';
    end if;
    insert into identity.users (user_id, email_index, email_sealed, password, canary, confirmed_at)
    values (p_user, p_index, p_sealed, p_password, p_canary, case when p_confirmed then now() end);
end $$;
revoke all on function identity.create_user(uuid, uuid, bytea, bytea, text, boolean, boolean) from public;
grant execute on function identity.create_user(uuid, uuid, bytea, bytea, text, boolean, boolean) to vouchsafe_app;

-- The operator's staff are staff alone: no tenant has them as members, and no customer becomes staff.
create function identity.demand_one_side(p_tenant uuid, p_user uuid) returns void
    language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    if exists (select from identity.memberships m
               where m.user_id = p_user
                 and (m.tenant_id = '00000000-0000-7000-8000-000000000001') <> (p_tenant = '00000000-0000-7000-8000-000000000001')) then
        raise exception 'staff and customers have accounts of their own' using errcode = 'VS003';
    end if;
end $$;
revoke all on function identity.demand_one_side(uuid, uuid) from public;

-- A tenant's first member founds it, for themselves, and administers it. Others come by invitation (004), or from the process itself.
create function identity.add_member(p_tenant uuid, p_user uuid, p_role text) returns void
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    founded boolean;
begin
    perform identity.demand_administrator(p_tenant);
    founded := exists (select from identity.memberships m where m.tenant_id = p_tenant);
    if vouchsafe.current_actor() <> '00000000-0000-0000-0000-000000000000' and (founded or vouchsafe.current_actor() <> p_user) then
        raise exception 'nobody becomes a member without accepting' using errcode = '42501';
    end if;
    if p_role = 'user' and not founded then
        raise exception 'a tenant keeps at least one administrator' using errcode = 'VS001';
    end if;
    perform identity.demand_one_side(p_tenant, p_user);
    insert into identity.memberships (tenant_id, user_id, role) values (p_tenant, p_user, p_role);
end $$;
revoke all on function identity.add_member(uuid, uuid, text) from public;
grant execute on function identity.add_member(uuid, uuid, text) to vouchsafe_app;

-- The role before; null where the user is no member.
create function identity.change_role(p_tenant uuid, p_user uuid, p_role text) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    before text;
begin
    perform identity.demand_administrator(p_tenant);
    select m.role into before from identity.memberships m where m.tenant_id = p_tenant and m.user_id = p_user for update;
    if before is null or before = p_role then
        return before;
    end if;
    if before = 'admin' then
        perform identity.demand_another_administrator(p_tenant, p_user);
    end if;
    update identity.memberships m set role = p_role where m.tenant_id = p_tenant and m.user_id = p_user;
    return before;
end $$;
revoke all on function identity.change_role(uuid, uuid, text) from public;
grant execute on function identity.change_role(uuid, uuid, text) to vouchsafe_app;

-- The role before; null where the user is no member. Sessions go with the membership.
create function identity.remove_member(p_tenant uuid, p_user uuid) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    before text;
begin
    perform identity.demand_administrator(p_tenant);
    select m.role into before from identity.memberships m where m.tenant_id = p_tenant and m.user_id = p_user for update;
    if before in ('admin', 'platform_admin') then
        perform identity.demand_another_administrator(p_tenant, p_user);
    end if;
    delete from identity.memberships m where m.tenant_id = p_tenant and m.user_id = p_user;
    return before;
end $$;
revoke all on function identity.remove_member(uuid, uuid) from public;
grant execute on function identity.remove_member(uuid, uuid) to vouchsafe_app;
