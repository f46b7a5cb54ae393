-- Pruning: the one lawful way in which entries go. Bounded by an age that only a migration can lower, so that no login at
-- run time, and nothing injected through one, removes a recent entry.

create table audit.settings (
    only_row        boolean  primary key default true check (only_row),
    youngest_pruned interval not null check (youngest_pruned >= interval '30 days')
);
comment on table audit.settings is 'vouchsafe:owner';
insert into audit.settings (youngest_pruned) values (interval '180 days');

create function audit.youngest_pruned() returns interval
    language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select s.youngest_pruned from audit.settings s
$$;
revoke all on function audit.youngest_pruned() from public;
grant execute on function audit.youngest_pruned() to vouchsafe_app;

-- Takes what comes before an index out of the tenant's log. Level-0 tiles and bundles go with the entries; the tiles above
-- hold the roots of what went, so that every proof about the rest still holds. An append that reaches beyond the index
-- stays whole until all of it is before one.
create function audit.prune(p_tenant uuid, p_before bigint) returns bigint
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    pruned_before bigint;
    youngest      interval;
    touched       uuid[];
    appends       uuid[];
    latest        bigint;
    gone          bigint;
begin
    if p_tenant is distinct from vouchsafe.current_tenant() then
        raise exception 'another tenant''s log' using errcode = '42501';
    end if;
    select s.youngest_pruned into strict youngest from audit.settings s;
    select h.pruned_to into pruned_before from audit.heads h where h.tenant_id = p_tenant and p_before <= h.size for update;
    if pruned_before is null or p_before is null or p_before % 256 <> 0 or p_before <= pruned_before or p_before - pruned_before > 65536 then
        raise exception 'a log is pruned by multiples of 256, forward, within its size, by 65536 at most' using errcode = '22023';
    end if;
    with named as (
        select overlay(substr(b.entries, 16 * i + 1, 16) placing '\x00'::bytea from 16) as id, b.bundle < p_before / 256 as goes
        from audit.bundles b, generate_series(0, 255) as i
        where b.tenant_id = p_tenant and b.bundle >= pruned_before / 256 and b.bundle < p_before / 256 + 1
        union all
        select overlay(substr(t.entries, 16 * i + 1, 16) placing '\x00'::bytea from 16), false
        from audit.tails t, generate_series(0, octet_length(t.entries) / 16 - 1) as i where t.tenant_id = p_tenant
    )
    select coalesce(array_agg(encode(id, 'hex')::uuid), '{}'), coalesce(array_agg(encode(id, 'hex')::uuid) filter (where wholly), '{}') into touched, appends
    from (select id, bool_and(goes) as wholly from named group by id having bool_or(goes)) as going;
    -- The age is that of the time which each leaf commits to: microseconds since 1970, behind its version, kind and log.
    latest := (extract(epoch from now() - youngest) * 1000000)::bigint;
    if exists (
        select from audit.entries e, unnest(e.leaves) as leaf where e.tenant_id = p_tenant and e.append_id = any (touched)
        and (octet_length(leaf) < 26 or get_byte(leaf, 0) <> 1 or ('x' || encode(substr(leaf, 19, 8), 'hex'))::bit(64)::bigint not between 0 and latest)) then
        raise exception 'an entry among them is younger than %', youngest using errcode = '42501';
    end if;
    delete from audit.entries e where e.tenant_id = p_tenant and e.append_id = any (appends);
    get diagnostics gone = row_count;
    if gone <> cardinality(appends) then
        raise exception 'entries among them are gone already' using errcode = 'XX001';
    end if;
    delete from audit.tiles t where t.tenant_id = p_tenant and t.level = 0 and t.tile < p_before / 256;
    delete from audit.bundles b where b.tenant_id = p_tenant and b.bundle < p_before / 256;
    update audit.heads h set pruned_to = p_before where h.tenant_id = p_tenant;
    return gone;
end $$;
revoke all on function audit.prune(uuid, bigint) from public;
grant execute on function audit.prune(uuid, bigint) to vouchsafe_app;
