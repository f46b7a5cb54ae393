-- Which database this is, and a commitment to the root key that its data lies under: HMAC-SHA256 of the id under a key derived for that. One row, written by
-- the owner at the first migration; each start compares it with the key store.
create table audit.cell (
    only_one    boolean     primary key default true check (only_one),
    database_id uuid        not null,
    key_check   bytea       not null check (octet_length(key_check) = 32),
    made_at     timestamptz not null default now()
);
call vouchsafe.reference_table('audit.cell');

-- When the keys of checkpoints change: generation 1 is the first and has no row. Each key is derived from the root key; here stands only from when on it signs, and
-- from when on alone. A row that the key store didn't make is refused, and each node keeps those it has seen.
create table audit.checkpoint_keys (
    generation   integer     primary key check (generation between 2 and 10000),
    signs_from   timestamptz not null,
    alone_from   timestamptz not null check (alone_from >= signs_from),
    authentic    bytea       not null check (octet_length(authentic) = 32),
    recorded     boolean     not null default false
);
call vouchsafe.platform_table('audit.checkpoint_keys', 'select,insert,update');
