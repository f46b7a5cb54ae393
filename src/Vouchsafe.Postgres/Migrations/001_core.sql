-- The core: the sealed context, the table classes, the leases.
-- Runs as vouchsafe_owner. The schema and its table schema_migrations were made by the migrator.

revoke all on schema vouchsafe from public;
grant usage on schema vouchsafe to vouchsafe_app, vouchsafe_platform;

-- Keys with which contexts are verified, as the two padded halves of HMAC (RFC 2104), so that a verification is two calls of sha256.
create table vouchsafe.seal_keys
(
    key_id      smallint    primary key check (key_id > 0),
    inner_pad   bytea       not null check (octet_length(inner_pad) = 64),
    outer_pad   bytea       not null check (octet_length(outer_pad) = 64),
    active_from timestamptz not null
);
comment on table vouchsafe.seal_keys is 'vouchsafe:owner';

-- The halves as constants of the functions below: declared immutable, so that a backend reads them once, when it first plans an
-- expression with them, and not for each statement. They are so while a source stands, because a change of keys rewrites the sources
-- (accept_seal_keys). Whoever runs a backend may ask to be shown its plans; not those that hold a key.
create function vouchsafe.inner_pad(id integer) returns bytea language plpgsql immutable set search_path = pg_catalog, pg_temp as
$$
begin
    if current_setting('debug_print_plan') <> 'off' then
        perform set_config('debug_print_plan', 'off', true);
    end if;
    return (select k.inner_pad from vouchsafe.seal_keys k where k.key_id = id);
end
$$;
create function vouchsafe.outer_pad(id integer) returns bytea language plpgsql immutable set search_path = pg_catalog, pg_temp as
$$
begin
    if current_setting('debug_print_plan') <> 'off' then
        perform set_config('debug_print_plan', 'off', true);
    end if;
    return (select k.outer_pad from vouchsafe.seal_keys k where k.key_id = id);
end
$$;
revoke all on function vouchsafe.inner_pad(integer), vouchsafe.outer_pad(integer) from public;

-- One source, three questions: whose tenant, who acts, how far does the actor see. Null where the context is not exactly as it was sealed.
--
-- The context is the hexadecimal of expiry 8 | tenant 16 | actor 16 | flags 1 | mac 32 bytes; of the flags, 1 is the reach over all owners' rows and
-- 2 says read-only. The MAC also covers the backend's process id (four bytes, as int4send writes it), which isn't part of the context: a
-- context is good on the connection it was sealed for and on no other. A read-only one is good only while the transaction is READ ONLY.
-- The expiry is as timestamptz_send writes moments, and comes first: whether it lies ahead is one comparison of bytes, with the time at which the
-- statement began. So a context runs out inside an open transaction too, but never in the middle of a scan, which would lose rows without
-- an error. Both MACs are hashed again before they are compared: where the comparison stops says nothing about the MAC.
--
-- Whatever the variable holds, it neither fails nor takes longer: conditions that are leakproof run before the policy, so that an error, or a delay,
-- would tell that a foreign row met them.
--
-- It runs once in each statement on a tenant's table, so it is one expression (each further one costs as much as a hash) and has no
-- SET search_path (which costs a fifth of it): every name in it, the operators' too, carries its schema, and
-- nothing is looked up on a path. The linter holds the functions to this very text.
create function vouchsafe.context_source(question text) returns text language plpgsql stable security definer set search_path = pg_catalog, pg_temp as
$generate$
declare
    sealed constant text := (
        select string_agg(format(
            $$pg_catalog.sha256(pg_catalog.sha256(vouchsafe.outer_pad(%1$s) operator(pg_catalog.||) pg_catalog.sha256(vouchsafe.inner_pad(%1$s) operator(pg_catalog.||) pg_catalog.substr(context, 1, 41) operator(pg_catalog.||) pg_catalog.int4send(pg_catalog.pg_backend_pid())))) operator(pg_catalog.=) pg_catalog.sha256(pg_catalog.substr(context, 42))$$,
            key_id), E'\n            or ' order by active_from desc, key_id desc)
        from vouchsafe.seal_keys);
    tenant constant text := $$pg_catalog.encode(pg_catalog.substr(context, 9, 16), 'hex')::pg_catalog.uuid$$;
    actor constant text := $$pg_catalog.encode(pg_catalog.substr(context, 25, 16), 'hex')::pg_catalog.uuid$$;
begin
    return format($body$
declare
    given constant pg_catalog.text := pg_catalog.current_setting('vouchsafe.context', true);
    context constant pg_catalog.bytea := case when pg_catalog.octet_length(given) operator(pg_catalog.=) 146 and given operator(pg_catalog.~) '^[0-9a-f]+$' then pg_catalog.decode(given, 'hex') end;
begin
    return case when context operator(pg_catalog.>) pg_catalog.timestamptz_send(pg_catalog.statement_timestamp()) and (
               %s)
            and (pg_catalog.get_byte(context, 40) operator(pg_catalog.&) 2 operator(pg_catalog.=) 0 or pg_catalog.current_setting('transaction_read_only') operator(pg_catalog.=) 'on')
        then %s end;
end
$body$,
        coalesce(sealed, 'false'),
        case question
            when 'current_tenant' then tenant
            when 'current_actor' then actor
            when 'may_see' then format('pg_catalog.get_byte(context, 40) operator(pg_catalog.&) 1 operator(pg_catalog.=) 1 or coalesce(%1$s operator(pg_catalog.=) owner_id or %1$s operator(pg_catalog.=) any (shared_with), false)', actor)
        end);
end
$generate$;
revoke all on function vouchsafe.context_source(text) from public;
grant execute on function vouchsafe.context_source(text) to vouchsafe_app, vouchsafe_platform;

-- To be called in the transaction that changes vouchsafe.seal_keys: from its commit on, every backend verifies with the keys there are then.
-- Parallel restricted: a parallel worker is a process of its own, and no context is good there.
create procedure vouchsafe.accept_seal_keys() language plpgsql set search_path = pg_catalog, pg_temp as
$$
begin
    execute format('create or replace function vouchsafe.current_tenant() returns uuid language plpgsql stable parallel restricted security definer as %L', vouchsafe.context_source('current_tenant'));
    execute format('create or replace function vouchsafe.current_actor() returns uuid language plpgsql stable parallel restricted security definer as %L', vouchsafe.context_source('current_actor'));
    execute format('create or replace function vouchsafe.may_see(owner_id uuid, shared_with uuid[]) returns boolean language plpgsql stable parallel restricted security definer as %L', vouchsafe.context_source('may_see'));
end
$$;
revoke all on procedure vouchsafe.accept_seal_keys() from public;
call vouchsafe.accept_seal_keys();
revoke all on function vouchsafe.current_tenant(), vouchsafe.current_actor(), vouchsafe.may_see(uuid, uuid[]) from public;
grant execute on function vouchsafe.current_tenant(), vouchsafe.current_actor(), vouchsafe.may_see(uuid, uuid[]) to vouchsafe_app;
-- The platform login holds no context; it may ask, and gets null.
grant execute on function vouchsafe.current_tenant(), vouchsafe.current_actor() to vouchsafe_platform;

-- Sets the context until the end of the transaction; the second also makes the transaction READ ONLY. They exist because the logins have no EXECUTE
-- on set_config (Roles/harden.sql), which could leave a setting for the next user of the connection; these two can't.
-- One assignment each, and every name with its schema, for the reasons given above.
create function vouchsafe.enter(context text) returns void language plpgsql volatile security definer as
$$
declare
    entered constant pg_catalog.text := pg_catalog.set_config('vouchsafe.context', context, true);
begin
end
$$;
create function vouchsafe.enter_read_only(context text) returns void language plpgsql volatile security definer as
$$
declare
    limited constant pg_catalog.text := pg_catalog.set_config('transaction_read_only', 'on', true);
    entered constant pg_catalog.text := pg_catalog.set_config('vouchsafe.context', context, true);
begin
end
$$;
revoke all on function vouchsafe.enter(text), vouchsafe.enter_read_only(text) from public;
grant execute on function vouchsafe.enter(text), vouchsafe.enter_read_only(text) to vouchsafe_app;

-- Lets the open transaction wait for its client for as long as it takes: a turn of the checks lasts as long as what it guards.
create function vouchsafe.allow_idle_transaction() returns void language plpgsql volatile security definer as
$$
declare
    allowed constant pg_catalog.text := pg_catalog.set_config('idle_in_transaction_session_timeout', '0', true);
begin
end
$$;
revoke all on function vouchsafe.allow_idle_transaction() from public;
grant execute on function vouchsafe.allow_idle_transaction() to vouchsafe_platform;

-- The id of the key with which contexts are sealed now. An id is no secret; the key is.
create function vouchsafe.current_seal_key() returns smallint language sql stable security definer set search_path = pg_catalog, pg_temp as
$$ select k.key_id from vouchsafe.seal_keys k where k.active_from <= clock_timestamp() order by k.active_from desc, k.key_id desc limit 1 $$;
revoke all on function vouchsafe.current_seal_key() from public;
grant execute on function vouchsafe.current_seal_key() to vouchsafe_app, vouchsafe_platform;

-- By what the linter tells whether the keys here are those of the key store: the hash of 32 random bytes gives nothing of them away.
create function vouchsafe.seal_key_fingerprints() returns table (key_id smallint, fingerprint bytea) language sql stable security definer set search_path = pg_catalog, pg_temp as
$$ select k.key_id, sha256(k.inner_pad || k.outer_pad) from vouchsafe.seal_keys k $$;
revoke all on function vouchsafe.seal_key_fingerprints() from public;
grant execute on function vouchsafe.seal_key_fingerprints() to vouchsafe_app, vouchsafe_platform;

-- Table classes. Invoker rights: whoever calls must own the table.
create procedure vouchsafe.declare_table(target regclass, class text, app_rights text, platform_rights text) language plpgsql set search_path = pg_catalog, pg_temp as
$$
declare
    home constant text := (select relnamespace::regnamespace::text from pg_class where oid = target);
    -- UPDATE is granted column by column: the same right on the table includes LOCK TABLE in every mode, which stops all
    -- tenants (so does DELETE, which has no columns). Nobody moves a row to another tenant, so tenant_id is left out.
    columns constant text := (select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
                              where attrelid = target and attnum > 0 and not attisdropped and attgenerated = '' and attname <> 'tenant_id');
    one text;
begin
    execute format('revoke all on table %s from public, vouchsafe_app, vouchsafe_platform', target);
    if app_rights <> '' then
        execute format('grant usage on schema %s to vouchsafe_app', home);
        foreach one in array string_to_array(replace(app_rights, ' ', ''), ',') loop
            continue when one = 'update' and columns is null;
            execute format('grant %s on table %s to vouchsafe_app', case one when 'update' then format('update (%s)', columns) else one end, target);
        end loop;
    end if;
    if platform_rights <> '' then
        execute format('grant usage on schema %s to vouchsafe_platform', home);
        execute format('grant %s on table %s to vouchsafe_platform', platform_rights, target);
    end if;
    execute format('comment on table %s is %L', target, 'vouchsafe:' || class);
end
$$;

-- Statistics are the planner's for all tenants together, and equality is leakproof: EXPLAIN would tell anybody how many rows
-- a foreign tenant has, and by bisection what is in them. So no column of a tenant's table has any, and no expression of
-- its indexes, unless the declaration names the column as safe to share: a state, never a person's data.
create procedure vouchsafe.close_statistics(target regclass, shared text[]) language plpgsql set search_path = pg_catalog, pg_temp as
$$
declare
    part  regclass;
    left_over record;
    parts constant regclass[] := array(
        with recursive below as (select target::oid as oid union all select i.inhrelid from below join pg_inherits i on i.inhparent = below.oid)
        select oid::regclass from below);
begin
    if 'tenant_id' = any (shared) or exists (
        select from unnest(shared) as named(name)
        where not exists (select from pg_attribute where attrelid = target and attname = named.name and attnum > 0 and not attisdropped)) then
        raise exception 'table %: statistics are shared of its own columns alone, never of tenant_id', target using errcode = 'invalid_table_definition';
    end if;
    foreach part in array parts loop
        if exists (select from pg_statistic_ext where stxrelid = part) then
            raise exception 'table % has extended statistics, which count rows of all tenants: drop them', part using errcode = 'invalid_table_definition';
        end if;
        execute (select format('alter table %s %s', part, string_agg(format('alter column %I set statistics %s', attname, case when attname = any (shared) then -1 else 0 end), ', '))
                 from pg_attribute where attrelid = part and attnum > 0 and not attisdropped);
        execute (select coalesce(string_agg(format('alter index %s alter column %s set statistics 0;', i.indexrelid::regclass, a.attnum), ''), 'do $do$ begin end $do$')
                 from pg_index i join pg_attribute a on a.attrelid = i.indexrelid where i.indrelid = part and i.indkey[a.attnum - 1] = 0);
    end loop;
    -- What ANALYZE counted before the table was declared stays until the column's type is set anew, to the same.
    for left_over in
        select distinct a.attname, format_type(a.atttypid, a.atttypmod) as type, (select format('collate %s', c.oid::regcollation) from pg_collation c where c.oid = a.attcollation) as collation
        from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_stats s on (s.schemaname, s.tablename) = (n.nspname, c.relname)
        join pg_attribute a on a.attrelid = target and a.attname = s.attname where c.oid = any (parts) and a.attname <> all (shared)
    loop
        begin
            execute format('alter table %s alter column %I type %s %s', target, left_over.attname, left_over.type, left_over.collation);
        exception when invalid_table_definition or feature_not_supported or dependent_objects_still_exist then
            raise exception 'column %.% was counted before the table was declared (%): create the table anew', target, left_over.attname, sqlerrm using errcode = 'invalid_table_definition';
        end;
    end loop;
    for left_over in
        select i.indexrelid::regclass as index from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
        join pg_stats s on (s.schemaname, s.tablename) = (n.nspname, c.relname) where i.indrelid = any (parts)
    loop
        raise exception 'index % has statistics of its expressions: create it anew', left_over.index using errcode = 'invalid_table_definition';
    end loop;
end
$$;

create procedure vouchsafe.seal_table(target regclass, condition text, shared text) language plpgsql set search_path = pg_catalog, pg_temp as
$$
declare
    sealed regclass;
    -- A partition can be read by its own name, past its parent's policy.
    parts constant regclass[] := array(
        with recursive below as (select target::oid as oid union all select i.inhrelid from below join pg_inherits i on i.inhparent = below.oid)
        select oid::regclass from below);
begin
    if not exists (select from pg_attribute where attrelid = target and attname = 'tenant_id' and atttypid = 'uuid'::regtype and attnotnull and not attisdropped) then
        raise exception 'table % has no column tenant_id uuid not null', target using errcode = 'invalid_table_definition';
    end if;
    -- While it isn't forced, the owner sees which statistics are left over; nobody else sees the table until this commits.
    foreach sealed in array parts loop
        execute format('alter table %s no force row level security', sealed);
        if exists (select from pg_policy where polrelid = sealed and polname = 'vouchsafe_tenant') then
            execute format('drop policy vouchsafe_tenant on %s', sealed);
        end if;
    end loop;
    call vouchsafe.close_statistics(target, string_to_array(replace(shared, ' ', ''), ','));
    foreach sealed in array parts loop
        execute format('alter table %s enable row level security', sealed);
        execute format('alter table %s force row level security', sealed);
        execute format('create policy vouchsafe_tenant on %1$s as permissive for all to public using (%2$s) with check (%2$s)', sealed, condition);
        if sealed <> target then
            execute format('revoke all on table %s from public, vouchsafe_app, vouchsafe_platform', sealed);
        end if;
    end loop;
end
$$;

-- statistics: columns whose distribution over all tenants anybody may learn, where a plan needs it.
create procedure vouchsafe.tenant_table(name text, rights text default 'select,insert,update', statistics text default '') language plpgsql set search_path = pg_catalog, pg_temp as
$$
begin
    call vouchsafe.seal_table(name::regclass, 'tenant_id = vouchsafe.current_tenant()', statistics);
    call vouchsafe.declare_table(name::regclass, 'tenant ' || rights || coalesce(' statistics=' || nullif(replace(statistics, ' ', ''), ''), ''), rights, '');
end
$$;

create procedure vouchsafe.owned_table(name text, rights text default 'select,insert,update', statistics text default '') language plpgsql set search_path = pg_catalog, pg_temp as
$$
begin
    if (select count(*) from pg_attribute where attrelid = name::regclass and attnotnull and not attisdropped
          and (attname, atttypid) in (('owner_id', 'uuid'::regtype), ('shared_with', 'uuid[]'::regtype))) <> 2 then
        raise exception 'table % has no columns owner_id uuid not null, shared_with uuid[] not null', name using errcode = 'invalid_table_definition';
    end if;
    call vouchsafe.seal_table(name::regclass, 'tenant_id = vouchsafe.current_tenant() and vouchsafe.may_see(owner_id, shared_with)', statistics);
    call vouchsafe.declare_table(name::regclass, 'owned ' || rights || coalesce(' statistics=' || nullif(replace(statistics, ' ', ''), ''), ''), rights, '');
end
$$;

-- A table that has a column tenant_id and isn't a tenant's own says why: "because" stands in the table's comment, and the linter demands it.
create procedure vouchsafe.platform_table(name text, rights text default 'select,insert,update,delete', because text default null) language plpgsql set search_path = pg_catalog, pg_temp as
$$
begin
    call vouchsafe.declare_table(name::regclass, concat_ws(' because ', 'platform ' || rights, because), '', rights);
end
$$;

create procedure vouchsafe.reference_table(name text) language plpgsql set search_path = pg_catalog, pg_temp as
$$
begin
    call vouchsafe.declare_table(name::regclass, 'reference select', 'select', 'select');
end
$$;

revoke all on procedure vouchsafe.declare_table(regclass, text, text, text), vouchsafe.seal_table(regclass, text, text), vouchsafe.tenant_table(text, text, text),
    vouchsafe.owned_table(text, text, text), vouchsafe.close_statistics(regclass, text[]), vouchsafe.platform_table(text, text, text), vouchsafe.reference_table(text) from public;

-- What a later migration forgets to say is closed, not open.
alter default privileges revoke execute on routines from public;

-- One row a job: who runs it, until when, and when it is due next.
create table vouchsafe.job_leases
(
    job         text        primary key,
    holder      uuid,
    held_until  timestamptz,
    due_at      timestamptz not null,
    finished_at timestamptz,
    failures    integer     not null default 0,
    last_error  text
);
call vouchsafe.platform_table('vouchsafe.job_leases');
comment on table vouchsafe.schema_migrations is 'vouchsafe:owner';

-- Rows of two canary tenants, which the checks of the data layer try to reach from one another.
create table vouchsafe.canaries
(
    tenant_id   uuid   not null,
    canary_id   uuid   not null,
    owner_id    uuid   not null,
    shared_with uuid[] not null default '{}',
    mark        text   not null,
    primary key (tenant_id, canary_id)
);
call vouchsafe.owned_table('vouchsafe.canaries');

create table vouchsafe.canary_notes
(
    tenant_id uuid not null,
    canary_id uuid not null,
    note_id   uuid not null,
    primary key (tenant_id, canary_id, note_id),
    foreign key (tenant_id, canary_id) references vouchsafe.canaries (tenant_id, canary_id)
);
call vouchsafe.tenant_table('vouchsafe.canary_notes');
