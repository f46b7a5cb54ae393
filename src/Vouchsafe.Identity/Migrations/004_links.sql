-- An account is its mailbox's. A link sent there is the only way to one: whoever opens it chooses the password (or proves the account's own),
-- and nothing of theirs exists before. Tokens stand here as hashes, addresses and details sealed.

create table identity.links
(
    link_id      uuid        primary key,
    purpose      text        not null check (purpose in ('sign-up', 'invitation', 'reset', 'confirmation')),
    token_hash   bytea       not null unique check (octet_length(token_hash) = 32),
    email_index  bytea       not null check (octet_length(email_index) = 32),
    email_sealed bytea       not null check (octet_length(email_sealed) <= 2048),
    tenant_id    uuid,
    role         text        check (role in ('user', 'admin')),
    invited_by   uuid,
    details      bytea       check (octet_length(details) <= 8192),
    created_at   timestamptz not null,
    expires_at   timestamptz not null,
    used_at      timestamptz,
    withdrawn_at timestamptz,
    check ((purpose = 'invitation') = (tenant_id is not null) and (purpose = 'invitation') = (role is not null)
           and (purpose = 'invitation') = (invited_by is not null) and (purpose = 'sign-up') = (details is not null))
);
create index links_of_address on identity.links (email_index);
create unique index links_invitation on identity.links (tenant_id, email_index) where used_at is null and purpose = 'invitation';
comment on column identity.links.tenant_id is 'of an invitation: who invites';
comment on column identity.links.details is 'of a sign-up: what the form said, sealed';
comment on column identity.links.withdrawn_at is 'of an invitation: since when it is withdrawn, by somebody or with its inviter''s right to invite';
comment on column identity.links.used_at is 'when it was used, replaced or withdrawn: a link opens once';
call vouchsafe.platform_table('identity.links', because => 'a link is found before its tenant is known');

-- Invites an address, with the login of the tenant that invites. An open invitation of the same address is replaced: its link opens nothing any more.
create function identity.invite(p_tenant uuid, p_link uuid, p_token bytea, p_index bytea, p_sealed bytea, p_role text, p_now timestamptz, p_expires timestamptz) returns void
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform identity.demand_administrator(p_tenant);
    if p_role not in ('user', 'admin') or p_tenant = '00000000-0000-7000-8000-000000000001' then
        raise exception 'staff is not invited' using errcode = '42501';
    end if;
    update identity.links l set used_at = p_now
    where l.tenant_id = p_tenant and l.email_index = p_index and l.used_at is null and l.purpose = 'invitation';
    insert into identity.links (link_id, purpose, token_hash, email_index, email_sealed, tenant_id, role, invited_by, created_at, expires_at)
    values (p_link, 'invitation', p_token, p_index, p_sealed, p_tenant, p_role, vouchsafe.current_actor(), p_now, p_expires);
end $$;
revoke all on function identity.invite(uuid, uuid, bytea, bytea, bytea, text, timestamptz, timestamptz) from public;
grant execute on function identity.invite(uuid, uuid, bytea, bytea, bytea, text, timestamptz, timestamptz) to vouchsafe_app;

-- True where the invitation was open.
create function identity.withdraw_invitation(p_tenant uuid, p_link uuid, p_now timestamptz) returns boolean
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform identity.demand_administrator(p_tenant);
    update identity.links l set used_at = p_now, withdrawn_at = coalesce(l.withdrawn_at, p_now)
    where l.tenant_id = p_tenant and l.link_id = p_link and l.used_at is null and l.purpose = 'invitation';
    return found;
end $$;
revoke all on function identity.withdraw_invitation(uuid, uuid, timestamptz) from public;
grant execute on function identity.withdraw_invitation(uuid, uuid, timestamptz) to vouchsafe_app;

-- Withdraws what somebody invited to who administers the tenant no longer, and tells which: for the same transaction as the loss of the right. The rows
-- stay unused, so that whoever administers sees them and sends them anew.
create function identity.withdraw_invitations_of(p_tenant uuid, p_user uuid, p_now timestamptz) returns setof uuid
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
    if p_tenant is distinct from vouchsafe.current_tenant() or p_tenant is null then
        raise exception 'the session is not of this tenant' using errcode = '42501';
    end if;
    if exists (select from identity.memberships m where m.tenant_id = p_tenant and m.user_id = p_user and m.role = 'admin') then
        return;
    end if;
    return query
        update identity.links l set withdrawn_at = p_now
        where l.tenant_id = p_tenant and l.invited_by = p_user and l.purpose = 'invitation' and l.used_at is null and l.withdrawn_at is null and l.expires_at > p_now
        returning l.link_id;
end $$;
revoke all on function identity.withdraw_invitations_of(uuid, uuid, timestamptz) from public;
grant execute on function identity.withdraw_invitations_of(uuid, uuid, timestamptz) to vouchsafe_app;

-- Uses a link up, for the person whom the session's actor says it is. Where the address has no account, one is made with the password
-- that was chosen; where it has one, it must be the actor's. An invitation makes the membership too, of its own tenant and role.
create function identity.redeem(p_tenant uuid, p_purpose text, p_token bytea, p_user uuid, p_sealed bytea, p_password text, p_now timestamptz) returns void
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    link  identity.links;
    known uuid;
begin
    if p_tenant is distinct from vouchsafe.current_tenant() or p_tenant is null or p_user is distinct from vouchsafe.current_actor()
       or p_user = '00000000-0000-0000-0000-000000000000' or p_purpose not in ('sign-up', 'invitation') then
        raise exception 'a link is redeemed for oneself' using errcode = '42501';
    end if;
    update identity.links l set used_at = p_now
    where l.token_hash = p_token and l.purpose = p_purpose and l.used_at is null and l.withdrawn_at is null and l.expires_at > p_now
      and (l.purpose <> 'invitation' or l.tenant_id = p_tenant)
    returning l.* into link;
    if link.link_id is null then
        raise exception 'the link opens nothing' using errcode = 'VS002';
    end if;
    select u.user_id into known from identity.users u where u.email_index = link.email_index;
    if known is null then
        if p_password is null then
            raise exception 'the account is gone' using errcode = 'VS002';
        end if;
        insert into identity.users (user_id, email_index, email_sealed, password, password_set_at, created_at, confirmed_at)
        values (p_user, link.email_index, p_sealed, p_password, p_now, p_now, p_now);
    elsif known <> p_user then
        raise exception 'the account was made meanwhile' using errcode = '23505';
    end if;
    if link.purpose = 'invitation' then
        -- What an administrator may no longer do, their invitations don't do either. They are withdrawn with the right; this holds for whatever took it otherwise.
        if not exists (select from identity.memberships m where m.tenant_id = p_tenant and m.user_id = link.invited_by and m.role = 'admin') then
            raise exception 'the link opens nothing' using errcode = 'VS002';
        end if;
        perform identity.demand_one_side(p_tenant, p_user);
        insert into identity.memberships (tenant_id, user_id, role, joined_at) values (p_tenant, p_user, link.role, p_now)
        on conflict (tenant_id, user_id) do nothing;
    end if;
end $$;
revoke all on function identity.redeem(uuid, text, bytea, uuid, bytea, text, timestamptz) from public;
grant execute on function identity.redeem(uuid, text, bytea, uuid, bytea, text, timestamptz) to vouchsafe_app;

-- What is left of a budget of attempts, as the generic cell rate algorithm keeps it (ITU-T I.371): until when what was spent is paid back.
create table identity.attempts
(
    key         bytea       primary key check (octet_length(key) = 32),
    spent_until timestamptz not null
);
create index attempts_over on identity.attempts (spent_until);
call vouchsafe.platform_table('identity.attempts');

-- On which devices somebody signed in: others who guess can't keep them out there.
create table identity.trusted_devices
(
    user_id      uuid        not null references identity.users (user_id) on delete cascade,
    token_hash   bytea       not null check (octet_length(token_hash) = 32),
    trusted_at   timestamptz not null,
    last_seen_at timestamptz not null,
    primary key (user_id, token_hash)
);
call vouchsafe.platform_table('identity.trusted_devices');
