-- Mail that waits for its delivery. A message is written in the business transaction that causes it, so that both happen or
-- neither does. It lies sealed, address and all: a row says when, never to whom or what. Whoever writes here without
-- the cell's key (injected SQL under the application's login) can't make a message that would be sent.

create schema mail;
revoke all on schema mail from public;
grant usage on schema mail to vouchsafe_app, vouchsafe_platform;

create table mail.outbox (
    message_id      uuid        primary key,
    sealed          bytea       check (octet_length(sealed) between 82 and 1048576),
    queued_at       timestamptz not null,
    next_attempt_at timestamptz not null,
    attempts        integer     not null default 0 check (attempts >= 0),
    claim           uuid,
    claimed_until   timestamptz,
    outcome         text        check (outcome in ('delivered', 'dead')),
    finished_at     timestamptz,
    -- What the last attempt ended with: a code of ours or a reply code (RFC 5321, RFC 3463), never the server's own words.
    last_error      text        check (length(last_error) <= 100),
    -- The content goes with the outcome: what was delivered, or never will be, is kept nowhere.
    check ((outcome is null) = (sealed is not null) and (outcome is null) = (finished_at is null)),
    check ((claim is null) = (claimed_until is null)),
    -- Times that the driver can read, so that no row stops the delivery of others.
    check (queued_at between '2000-01-01Z' and '2200-01-01Z' and next_attempt_at between '2000-01-01Z' and '2200-01-01Z')
);
alter table mail.outbox alter column sealed set storage external;
create index outbox_due on mail.outbox (next_attempt_at) where outcome is null;
create index outbox_finished on mail.outbox (finished_at) where outcome is not null;
call vouchsafe.platform_table('mail.outbox');

-- The only way in, for either login. The application's can neither read nor change what waits, and writes for a tenant alone.
create function mail.enqueue(p_message uuid, p_sealed bytea, p_now timestamptz) returns void
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
    if session_user = 'vouchsafe_app' and vouchsafe.current_tenant() is null then
        raise exception 'mail is sent for a tenant' using errcode = '42501';
    end if;
    insert into mail.outbox (message_id, sealed, queued_at, next_attempt_at) values (p_message, p_sealed, p_now, p_now);
end
$$;
revoke all on function mail.enqueue(uuid, bytea, timestamptz) from public;
grant execute on function mail.enqueue(uuid, bytea, timestamptz) to vouchsafe_app, vouchsafe_platform;

-- Where mail goes in development, for all nodes to show. Empty wherever a mail server is configured.
create table mail.mailbox (
    message_id uuid        primary key,
    sealed     bytea       not null,
    queued_at  timestamptz not null,
    arrived_at timestamptz not null
);
create index mailbox_arrived on mail.mailbox (arrived_at desc);
call vouchsafe.platform_table('mail.mailbox', 'select,insert,delete');
