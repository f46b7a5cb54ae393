-- The trail: what tenants' entries are kept in, and the log that numbers and commits to them.
--
-- Entries are the tenant's. Everything else here holds numbers and hashes, is written by the sequencer alone and
-- never by a tenant's login, which reads its own part of it through the functions of 002.

create schema audit;
revoke all on schema audit from public;
grant usage on schema audit to vouchsafe_app, vouchsafe_platform;

-- One row is one append: a single entry, or up to 256 that came together. An entry's id is the append's id with its
-- position in the last byte. A leaf is what the log commits to (commitments, no person); the sealed part opens the
-- commitments and is readable only while the keys of the people in it live. When an entry was recorded its leaf says, and
-- no column beside it: a second time could be moved back.
--
-- Many entries share a row because the policy is checked once a row, and because a row has one index entry: a bulk
-- write of sealed and hashed entries then costs no more than a plain COPY. What must hold of a row is checked by
-- audit.append, its only writer: constraints here were measured at a fifth of the time of a write.
create table audit.entries (
    tenant_id   uuid        not null,
    append_id   uuid        not null,
    leaves      bytea[]     not null,
    sealed      bytea[]     not null,
    primary key (tenant_id, append_id)
);
-- Sealed and hashed bytes don't compress; trying to costs time on every write.
alter table audit.entries alter column leaves set storage external, alter column sealed set storage external;
call vouchsafe.tenant_table('audit.entries', 'select');

-- Committed appends whose entries have no index yet, with their leaf hashes of 32 bytes one behind the other. No key
-- and no index: rows are taken by their place, all at once. Only audit.append inserts, beside the row of audit.entries whose
-- key forbids a second, so that no login at run time can hand in an append again (decision 0090).
create table audit.pending (
    tenant_id uuid  not null,
    append_id uuid  not null,
    hashes    bytea not null check (octet_length(hashes) % 32 = 0 and octet_length(hashes) between 32 and 8192)
) with (autovacuum_vacuum_threshold = 500, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_cost_delay = 0);
alter table audit.pending alter column hashes set storage external;
call vouchsafe.platform_table('audit.pending', 'select,delete', because => 'numbers and hashes for the sequencer, which takes every tenant in one round');

-- The sequencer's lock: whoever holds this row numbers entries, for one round. A row and no advisory lock, because only
-- the platform's login has a right to it.
create table audit.sequencer (
    only_row boolean primary key default true check (only_row)
);
insert into audit.sequencer default values;
call vouchsafe.platform_table('audit.sequencer', 'select,update');

create table audit.logs (
    tenant_id uuid        not null primary key,
    log_id    uuid        not null unique,
    opened_at timestamptz not null default now()
);
call vouchsafe.platform_table('audit.logs', 'select,insert,update', because => 'numbers and hashes for the sequencer, which takes every tenant in one round');

-- The state of each log. A checkpoint is signed from this row and from nothing else.
create table audit.heads (
    tenant_id uuid        not null primary key,
    size      bigint      not null check (size > 0),
    root      bytea       not null check (octet_length(root) = 32),
    moved_at  timestamptz not null,
    pruned_to bigint      not null default 0 check (pruned_to >= 0 and pruned_to <= size and pruned_to % 256 = 0)
) with (fillfactor = 50);
call vouchsafe.platform_table('audit.heads', 'select,insert,update', because => 'numbers and hashes for the sequencer, which takes every tenant in one round');

-- Hash tiles of C2SP tlog-tiles. Level 0 holds full tiles only (its right edge is audit.tails); the levels above are
-- rewritten as they grow, once in 256, 65,536, … entries.
create table audit.tiles (
    tenant_id uuid     not null,
    level     smallint not null check (level between 0 and 7),
    tile      bigint   not null check (tile >= 0),
    hashes    bytea    not null check (octet_length(hashes) % 32 = 0 and octet_length(hashes) between 32 and 8192),
    primary key (tenant_id, level, tile)
);
alter table audit.tiles alter column hashes set storage external;
call vouchsafe.platform_table('audit.tiles', 'select,insert,update', because => 'numbers and hashes for the sequencer, which takes every tenant in one round');

-- Which entry has which index: 256 entry ids of 16 bytes each a row, beside the tile of level 0 with the same number.
create table audit.bundles (
    tenant_id uuid   not null,
    bundle    bigint not null check (bundle >= 0),
    entries   bytea  not null check (octet_length(entries) = 4096),
    primary key (tenant_id, bundle)
);
alter table audit.bundles alter column entries set storage external;
call vouchsafe.platform_table('audit.bundles', 'select,insert,update', because => 'numbers and hashes for the sequencer, which takes every tenant in one round');

-- The right edge of each log: what came after its last full bundle, one row a round. Rewriting a partial tile of up to
-- 12 KiB for every round would cost a busy system more than the entries themselves.
create table audit.tails (
    tenant_id   uuid   not null,
    first_index bigint not null check (first_index >= 0),
    entries     bytea  not null,
    hashes      bytea  not null,
    primary key (tenant_id, first_index),
    check (octet_length(entries) between 16 and 4080 and octet_length(hashes) = 2 * octet_length(entries))
) with (autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_scale_factor = 0);
call vouchsafe.platform_table('audit.tails', 'select,insert,delete', because => 'numbers and hashes for the sequencer, which takes every tenant in one round');
