-- Rate limits, counted once for all nodes.
--
-- A node takes permits for a client: one that it uses at once, or a few that it may use within a short lease. All of them
-- count until a window after the last moment at which the node may use one, so that no window ever holds more than the
-- limit; what a node doesn't use it gives back. The server's clock is the only clock here: nodes' clocks may differ.
--
-- Unlogged: a client's key then never reaches the write-ahead log, a replica or a backup. What a crash of the server
-- forgets is at most one window's count (docs/decisions/0041-limits-counted-in-the-database.md).

create schema edge;
revoke all on schema edge from public;

create unlogged table edge.permits (
    key       bytea       not null check (octet_length(key) = 16),
    grant_id  uuid        not null,
    node      uuid        not null,
    permits   integer     not null check (permits > 0),
    leased_to timestamptz,                  -- until then the node may hold unused ones; null: all are used
    ends_at   timestamptz not null,         -- from then on they don't count
    primary key (key, grant_id)
);
create index permits_ends_at on edge.permits (ends_at);
call vouchsafe.platform_table('edge.permits');

-- One row: whether the installation was set up. It never goes back.
create table edge.setup (
    one       boolean     primary key default true check (one),
    closed_at timestamptz not null
);
call vouchsafe.platform_table('edge.setup', 'select,insert');

-- One row a client: whoever takes permits for the client holds it. A row and no advisory lock, because only the platform's
-- login has a right to it; one a client, so that whoever holds one keeps out nobody else.
create unlogged table edge.clients (
    key bytea primary key check (octet_length(key) = 16)
) with (fillfactor = 70);
call vouchsafe.platform_table('edge.clients');

-- Gives back what is left of one lease. It can only make room, so it needs no lock on the client; where somebody holds the
-- lease's row, its permits count until they end by themselves, and nobody else's lease waits for that.
create function edge.give_back(p_key bytea, p_grant uuid, p_used integer, p_age interval, p_window interval) returns void
    language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
    perform from edge.permits p where p.key = p_key and p.grant_id = p_grant for update skip locked;
    if not found then
        return;
    end if;
    -- The last use was p_age before this was sent, so no later than p_age ago. What was never used ends now.
    update edge.permits p
    set permits = greatest(1, least(p.permits, p_used)), leased_to = null,
        ends_at = least(p.ends_at, case p_used when 0 then clock_timestamp() else clock_timestamp() - p_age + p_window end)
    where p.key = p_key and p.grant_id = p_grant;
end $$;

-- Takes up to p_most permits for a client. Near the limit it gives fewer at a time, so that little lies unused elsewhere.
-- Where somebody else holds the client for longer than the timeout it fails with 55P03, for this client alone.
create function edge.take(p_key bytea, p_node uuid, p_grant uuid, p_limit integer, p_window interval, p_most integer, p_lease interval)
    returns table (granted integer, wait interval, others integer, others_to interval)
    language plpgsql volatile set search_path = pg_catalog, pg_temp set lock_timeout = '1s' as $$
declare
    moment timestamptz;
    free   bigint;
    first  timestamptz;
begin
    -- Whoever asks for the same client waits here.
    insert into edge.clients (key) values (p_key) on conflict (key) do update set key = excluded.key;
    moment := clock_timestamp();
    select p_limit - coalesce(sum(p.permits), 0), min(p.ends_at),
           count(*) filter (where p.leased_to > moment and p.node <> p_node), max(p.leased_to) filter (where p.node <> p_node) - moment
    into free, first, others, others_to
    from edge.permits p where p.key = p_key and p.ends_at > moment;
    if free <= 0 then
        granted := 0;
        wait := first - moment;
        return next;
        return;
    end if;
    granted := least(p_most, greatest(1, free / 4));
    if granted = 1 then
        insert into edge.permits values (p_key, p_grant, p_node, 1, null, moment + p_window);
    else
        insert into edge.permits values (p_key, p_grant, p_node, granted, moment + p_lease, moment + p_lease + p_window);
    end if;
    wait := interval '0';
    return next;
end $$;

-- Removes what no longer counts, and the clients of whom nothing counts any more. Rows that somebody holds wait for the next
-- time: whoever holds a client takes a permit, which is swept later.
create function edge.sweep(p_most integer) returns integer
    language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
    removed integer;
    keys    bytea[];
begin
    with gone as (
        delete from edge.permits where ctid = any (array(
            select p.ctid from edge.permits p where p.ends_at <= clock_timestamp() order by p.ends_at limit p_most for update skip locked))
        returning key)
    select count(*), array_agg(distinct gone.key) into removed, keys from gone;
    delete from edge.clients where key = any (array(
        select c.key from edge.clients c
        where c.key = any (keys) and not exists (select from edge.permits p where p.key = c.key) for update skip locked));
    return removed;
end $$;

revoke all on function edge.give_back(bytea, uuid, integer, interval, interval), edge.take(bytea, uuid, uuid, integer, interval, integer, interval), edge.sweep(integer) from public;
grant execute on function edge.give_back(bytea, uuid, integer, interval, interval), edge.take(bytea, uuid, uuid, integer, interval, integer, interval), edge.sweep(integer) to vouchsafe_platform;
