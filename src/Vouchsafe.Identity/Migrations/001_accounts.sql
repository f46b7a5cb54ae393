-- Accounts, memberships and sessions. Platform tables: a tenant's login reads none of them, and writes memberships
-- only through the functions of 002, of its own sealed tenant.

create schema if not exists identity;
revoke all on schema identity from public;
grant usage on schema identity to vouchsafe_app, vouchsafe_platform;

-- The address is nowhere in clear: the index finds it (HMAC under a key of the cell), the sealed value shows it.
create table identity.users
(
    user_id         uuid        primary key,
    email_index     bytea       not null constraint users_email unique check (octet_length(email_index) = 32),
    email_sealed    bytea       not null check (octet_length(email_sealed) <= 2048),
    password        text        not null check (octet_length(password) between 1 and 512),
    password_set_at timestamptz not null default now(),
    created_at      timestamptz not null default now(),
    confirmed_at    timestamptz,
    canary          boolean     not null default false,
    language        text        not null default 'en' check (language ~ '^[a-z]{2}$')
);
comment on column identity.users.confirmed_at is 'when its mailbox was proved; null: typed by whoever set up the installation, and no reset is sent there';
comment on column identity.users.language is 'of the mails about the account: that of the page at which its owner last signed in';
call vouchsafe.platform_table('identity.users');

-- The operator's staff are members of the system tenant, and only they.
create table identity.memberships
(
    tenant_id uuid        not null,
    user_id   uuid        not null references identity.users (user_id),
    role      text        not null check (role in ('user', 'admin', 'platform_admin')),
    joined_at timestamptz not null default now(),
    primary key (tenant_id, user_id),
    constraint memberships_staff check ((role = 'platform_admin') = (tenant_id = '00000000-0000-7000-8000-000000000001'))
);
create index memberships_of_user on identity.memberships (user_id);
call vouchsafe.platform_table('identity.memberships', because => 'who belongs where is asked before a tenant is known');

-- A session ends on every node when its row says so, and with its membership.
create table identity.sessions
(
    session_id   uuid        primary key,
    tenant_id    uuid        not null,
    user_id      uuid        not null,
    cookie_hash  bytea       unique check (octet_length(cookie_hash) = 32),
    created_at   timestamptz not null,
    last_seen_at timestamptz not null,
    expires_at   timestamptz not null,
    ended_at     timestamptz,
    foreign key (tenant_id, user_id) references identity.memberships (tenant_id, user_id) on delete cascade
);
create index sessions_of_member on identity.sessions (tenant_id, user_id);
comment on column identity.sessions.cookie_hash is 'SHA-256 of the page session''s cookie; null for a session of access tokens';
call vouchsafe.platform_table('identity.sessions', because => 'a session is found before its tenant is known');

-- A session's refresh tokens are its family: each is used once and has one successor; a second use ends the session.
create table identity.refresh_tokens
(
    token_hash bytea       primary key check (octet_length(token_hash) = 32),
    session_id uuid        not null references identity.sessions (session_id) on delete cascade,
    issued_at  timestamptz not null,
    expires_at timestamptz not null,
    used_at    timestamptz
);
create index refresh_tokens_of_session on identity.refresh_tokens (session_id);
call vouchsafe.platform_table('identity.refresh_tokens');

-- One row at most: the code that opens the set-up, and the moment at which it closed for good.
create table identity.setup
(
    singleton boolean     primary key default true check (singleton),
    code_hash bytea       not null check (octet_length(code_hash) = 32),
    closed_at timestamptz
);
call vouchsafe.platform_table('identity.setup', 'select,insert,update');
