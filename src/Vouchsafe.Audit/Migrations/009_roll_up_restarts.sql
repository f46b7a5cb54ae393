-- The roll-up log begun anew, after a restore that witnesses rightly contradict. The first has no row. The statement is a signed note by the key of the log
-- before and that of this one; a row whose note doesn't verify is refused.
create table audit.roll_up_restarts (
    number    integer     primary key check (number between 2 and 10000),
    statement text        not null check (octet_length(statement) <= 65536),
    recorded  boolean     not null default false
);
call vouchsafe.platform_table('audit.roll_up_restarts', 'select,insert,update');
