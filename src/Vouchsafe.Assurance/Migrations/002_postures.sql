-- The content of adopted postures, by its hash. The hash stands in the operator's log, so a row that was touched is seen for what it is; without
-- the row the log still names the claims, and only what changed in them can't be told.
create table assurance.postures
(
    hash    text primary key check (hash ~ '^[0-9a-f]{64}$'),
    content text not null check (octet_length(content) <= 2097152)
);
call vouchsafe.platform_table('assurance.postures');
