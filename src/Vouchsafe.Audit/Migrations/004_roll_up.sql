-- The roll-up log is a log like any other, of a tenant of its own; its leaves are salted commitments to the heads of the others.
-- Here stands which head of which log it holds last, and what opens the commitment to it.
create table audit.rolled_up (
    tenant_id uuid        primary key,
    size      bigint      not null check (size > 0),
    root      bytea       not null check (octet_length(root) = 32),
    salt      bytea       not null check (octet_length(salt) = 16),
    entry_id  uuid        not null,
    rolled_at timestamptz not null
);
call vouchsafe.platform_table('audit.rolled_up', because => 'salted commitments that one log holds of every tenant');

-- What each witness cosigned last, what it said when it didn't, and whose turn it is to ask it.
create table audit.witnesses (
    name           text        primary key check (octet_length(name) <= 255),
    size           bigint      not null default 0 check (size >= 0),
    root           bytea       check (octet_length(root) = 32),
    cosignature    text        check (octet_length(cosignature) <= 2048),
    cosigned_at    timestamptz,
    tried_at       timestamptz,
    trouble        text        check (octet_length(trouble) <= 1024),
    -- It says that it saw another history, and has not proven it; since when.
    disputed_since timestamptz,
    -- It proved it: the note that it cosigned, and the one that the log signed over what the database held then. Stays until a cosignature lifts it.
    contradicts    boolean     not null default false,
    theirs         text        check (octet_length(theirs) <= 65536),
    ours           text        check (octet_length(ours) <= 65536),
    -- One node asks at a time: two that ask at once make each other's requests stale.
    asked_by       uuid,
    asked_until    timestamptz
);
call vouchsafe.platform_table('audit.witnesses');
