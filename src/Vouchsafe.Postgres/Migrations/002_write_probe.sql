-- One row that /healthz/ready writes, so that "ready" means that the database takes writes. The filler is only ever rolled back.
create table vouchsafe.write_probe
(
    only_row   boolean     primary key default true check (only_row),
    written_at timestamptz not null,
    filler     bytea
);
alter table vouchsafe.write_probe alter column filler set storage external;
call vouchsafe.platform_table('vouchsafe.write_probe', 'select,insert,update');
