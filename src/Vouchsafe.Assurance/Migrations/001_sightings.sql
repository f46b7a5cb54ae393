-- What checks saw. The operator's log holds the evidence; these rows are the copy that pages ask.

create schema if not exists assurance;
revoke all on schema assurance from public;

create table assurance.sightings
(
    control       text        primary key check (octet_length(control) <= 100),
    holds         boolean     not null,
    message       text        not null,
    checked_at    timestamptz not null,
    valid_until   timestamptz not null,
    took          interval    not null,
    last_red_at   timestamptz,
    last_drill_at timestamptz,
    evidence      uuid        not null
);
call vouchsafe.platform_table('assurance.sightings');

-- Locks: one check or drill of a control at a time. The rows are never committed. Rows and no advisory locks, because
-- only the platform's login has a right to them.
create table assurance.turns
(
    control text primary key check (octet_length(control) <= 100)
);
call vouchsafe.platform_table('assurance.turns', 'select,insert,update');

-- Every red stays listed, mended or not.
create table assurance.reds
(
    red_id     uuid        primary key,
    control    text        not null,
    message    text        not null,
    began_at   timestamptz not null,
    last_at    timestamptz not null,
    mended_at  timestamptz,
    evidence   uuid        not null
);
create unique index reds_open on assurance.reds (control) where mended_at is null;
call vouchsafe.platform_table('assurance.reds');

-- The nodes that serve now, for checks that must ask each of them.
create table assurance.nodes
(
    node_id uuid        primary key,
    address text        not null check (octet_length(address) <= 300),
    seen_at timestamptz not null
);
call vouchsafe.platform_table('assurance.nodes');
