-- What checks and drills saw stands in the operator's log and nowhere else. These tables hold what only the nodes tell each other.

create schema if not exists assurance;
revoke all on schema assurance from public;

-- The nodes that serve now, for checks that must ask each of them.
create table assurance.nodes
(
    node_id uuid        primary key,
    address text        not null check (octet_length(address) <= 300),
    seen_at timestamptz not null
);
call vouchsafe.platform_table('assurance.nodes');

-- Drills that are under way, or were cut off: what such a drill broke must be put right.
create table assurance.drills_begun
(
    control  text        primary key check (octet_length(control) <= 100),
    began_at timestamptz not null
);
call vouchsafe.platform_table('assurance.drills_begun');

-- Locks: one check or drill of a control at a time, and one result. The rows are never committed. Rows and no advisory locks, because
-- only the platform's login has a right to them.
create table assurance.turns
(
    control text primary key check (octet_length(control) <= 100)
);
call vouchsafe.platform_table('assurance.turns', 'select,insert,update');
