-- Drills: the last one of each control. A row that began and didn't end is one that has to be mended.
create table assurance.drills
(
    control  text        primary key check (octet_length(control) <= 100),
    began_at timestamptz not null,
    ended_at timestamptz,
    seen_red boolean,
    message  text,
    evidence uuid
);
call vouchsafe.platform_table('assurance.drills');

-- Single runs of checks, for as long as the posture says. The operator's log has them for good.
create table assurance.runs
(
    evidence   uuid        primary key,
    control    text        not null,
    holds      boolean     not null,
    message    text        not null,
    checked_at timestamptz not null,
    took       interval    not null
);
create index runs_by_time on assurance.runs (checked_at);
create index runs_of_control on assurance.runs (control, checked_at);
call vouchsafe.platform_table('assurance.runs');
