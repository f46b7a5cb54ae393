create schema if not exists bench;
grant usage on schema bench to vouchsafe_app;

create table bench.items
(
    tenant_id  uuid        not null,
    id         integer     not null,
    name       text        not null,
    price      numeric     not null,
    updated_at timestamptz not null,
    primary key (tenant_id, id)
);
call vouchsafe.tenant_table('bench.items');
