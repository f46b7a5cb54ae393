-- Customers and their orders.
--
-- A customer belongs to the whole tenant. An order belongs to whoever wrote it, and is closed to colleagues until it is
-- shared; its lines carry the same owner, so that the database closes them too and no query has to remember to.

create schema backoffice;
revoke all on schema backoffice from public;
grant usage on schema backoffice to vouchsafe_app;

-- The last number given in each of a tenant's series. Who takes a number holds the row until its transaction ends:
-- the next one waits, and a number that was rolled back is given again.
create table backoffice.number_series
(
    tenant_id   uuid   not null,
    series      text   not null check (series ~ '^[a-z]+(-[0-9]{4})?$'),
    last_number bigint not null check (last_number > 0),
    primary key (tenant_id, series)
);
call vouchsafe.tenant_table('backoffice.number_series', 'select,insert,update');

create table backoffice.customers
(
    tenant_id    uuid        not null,
    customer_id  uuid        not null,
    name         text        not null check (char_length(name) between 1 and 200),
    contact_name text        not null check (char_length(contact_name) <= 200),
    email        text        not null check (char_length(email) <= 254),
    phone        text        not null check (char_length(phone) <= 40),
    street       text        not null check (char_length(street) <= 200),
    postal_code  text        not null check (char_length(postal_code) <= 20),
    city         text        not null check (char_length(city) <= 100),
    country      text        not null check (country ~ '^[A-Z]{2}$'),
    vat_number   text        not null check (char_length(vat_number) <= 20),
    created_at   timestamptz not null,
    changed_at   timestamptz not null,
    version      integer     not null default 1,
    primary key (tenant_id, customer_id)
);
create index customers_by_name on backoffice.customers (tenant_id, name, customer_id);
call vouchsafe.tenant_table('backoffice.customers');

create table backoffice.orders
(
    tenant_id   uuid           not null,
    order_id    uuid           not null,
    owner_id    uuid           not null,
    shared_with uuid[]         not null default '{}' check (cardinality(shared_with) <= 100),
    number      bigint         not null check (number > 0),
    customer_id uuid           not null,
    state       text           not null check (state in ('draft', 'confirmed', 'invoiced', 'cancelled')),
    currency    text           not null check (currency ~ '^[A-Z]{3}$'),
    reference   text           not null check (char_length(reference) <= 200),
    net         numeric(16, 2) not null check (net >= 0),
    vat         numeric(16, 2) not null check (vat >= 0),
    ordered_on  date           not null,
    created_at  timestamptz    not null,
    changed_at  timestamptz    not null,
    version     integer        not null default 1,
    primary key (tenant_id, order_id),
    unique (tenant_id, number),
    foreign key (tenant_id, customer_id) references backoffice.customers (tenant_id, customer_id)
);
create index orders_of_customer on backoffice.orders (tenant_id, customer_id, number);
call vouchsafe.owned_table('backoffice.orders');

create table backoffice.order_lines
(
    tenant_id   uuid           not null,
    order_id    uuid           not null,
    position    smallint       not null check (position between 1 and 200),
    owner_id    uuid           not null,
    shared_with uuid[]         not null default '{}',
    description text           not null check (char_length(description) between 1 and 500),
    quantity    numeric(12, 3) not null check (quantity > 0),
    unit        text           not null check (char_length(unit) <= 20),
    unit_price  numeric(14, 2) not null check (unit_price >= 0),
    vat_rate    numeric(4, 2)  not null check (vat_rate >= 0),
    primary key (tenant_id, order_id, position),
    foreign key (tenant_id, order_id) references backoffice.orders (tenant_id, order_id) on delete cascade
);
call vouchsafe.owned_table('backoffice.order_lines');

-- The application may delete nothing directly: whoever may, may also lock the table for everybody. The policy holds here too.
create function backoffice.remove_lines(p_tenant uuid, p_order uuid) returns void
    language sql volatile security definer set search_path = pg_catalog, pg_temp as
$$ delete from backoffice.order_lines l where l.tenant_id = p_tenant and l.order_id = p_order $$;
revoke all on function backoffice.remove_lines(uuid, uuid) from public;
grant execute on function backoffice.remove_lines(uuid, uuid) to vouchsafe_app;
