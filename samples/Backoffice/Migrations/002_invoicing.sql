-- Invoices and credit notes, as they were issued.
--
-- A document that was issued doesn't change: the application may add to this table and read it, nothing else. An invoice
-- is cancelled by a credit note, a row of its own that names it; there can be one at most.

create table backoffice.invoices
(
    tenant_id   uuid           not null,
    invoice_id  uuid           not null,
    owner_id    uuid           not null,
    shared_with uuid[]         not null default '{}',
    number      text           not null check (number ~ '^(INV|CN)-[0-9]{4}-[0-9]{5,12}$'),
    kind        text           not null check (kind in ('invoice', 'credit-note')),
    order_id    uuid           not null,
    customer_id uuid           not null,
    cancels_id  uuid,
    customer    text           not null,
    currency    text           not null check (currency ~ '^[A-Z]{3}$'),
    net         numeric(16, 2) not null,
    vat         numeric(16, 2) not null,
    gross       numeric(16, 2) not null,
    issued_on   date           not null,
    due_on      date           not null,
    issued_at   timestamptz    not null,
    document    jsonb          not null,
    primary key (tenant_id, invoice_id),
    unique (tenant_id, number),
    unique (tenant_id, cancels_id),
    foreign key (tenant_id, order_id) references backoffice.orders (tenant_id, order_id),
    foreign key (tenant_id, customer_id) references backoffice.customers (tenant_id, customer_id),
    foreign key (tenant_id, cancels_id) references backoffice.invoices (tenant_id, invoice_id),
    check (gross = net + vat),
    check (due_on >= issued_on),
    check ((kind = 'credit-note') = (cancels_id is not null)),
    check (case kind when 'invoice' then gross >= 0 else gross <= 0 end)
);
create index invoices_by_date on backoffice.invoices (tenant_id, issued_on, number);
create index invoices_of_order on backoffice.invoices (tenant_id, order_id);
call vouchsafe.owned_table('backoffice.invoices', 'select,insert');
