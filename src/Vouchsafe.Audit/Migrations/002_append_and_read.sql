-- The only writers and readers of the trail besides the sequencer. Each compares the tenant it is asked about with the
-- sealed context, so that no injected statement reaches another tenant's part.

-- The policy of audit.entries checks the tenant (these functions run as the owner, on whom it is forced): a foreign
-- tenant is refused there, before the log learns of anything. The hashes (RFC 6962, section 2.1) are computed here: what
-- the log commits to is what was stored, whatever the caller says.
create function audit.append(p_tenant uuid, p_append uuid, p_leaves bytea[], p_sealed bytea[]) returns void
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
    if cardinality(p_leaves) = 1 then
        -- Nearly every append. Both rows by one statement: two cost a quarter more. Where an array has another shape, its element 1 is null.
        if get_byte(uuid_send(p_append), 15) <> 0 or cardinality(p_sealed) <> 1 or p_leaves[1] is null or p_sealed[1] is null then
            raise exception 'an append has an id that ends in a zero byte, 1 to 256 leaves and as many sealed parts' using errcode = '22023';
        end if;
        with stored as (insert into audit.entries (tenant_id, append_id, leaves, sealed) values (p_tenant, p_append, p_leaves, p_sealed))
        insert into audit.pending (tenant_id, append_id, hashes) values (p_tenant, p_append, sha256('\x00'::bytea || p_leaves[1]));
        return;
    end if;
    if get_byte(uuid_send(p_append), 15) <> 0 or cardinality(p_leaves) not between 1 and 256 or cardinality(p_sealed) <> cardinality(p_leaves)
       or array_ndims(p_leaves) <> 1 or array_position(p_leaves, null) is not null or array_position(p_sealed, null) is not null then
        raise exception 'an append has an id that ends in a zero byte, 1 to 256 leaves and as many sealed parts' using errcode = '22023';
    end if;
    insert into audit.entries (tenant_id, append_id, leaves, sealed) values (p_tenant, p_append, p_leaves, p_sealed);
    insert into audit.pending (tenant_id, append_id, hashes)
    select p_tenant, p_append, string_agg(sha256('\x00'::bytea || leaf), ''::bytea order by n) from unnest(p_leaves) with ordinality as l(leaf, n);
end $$;
revoke all on function audit.append(uuid, uuid, bytea[], bytea[]) from public;
grant execute on function audit.append(uuid, uuid, bytea[], bytea[]) to vouchsafe_app;

create function audit.head_of(p_tenant uuid)
    returns table (log_id uuid, size bigint, root bytea, moved_at timestamptz, pruned_to bigint)
    language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select l.log_id, h.size, h.root, h.moved_at, h.pruned_to
    from audit.heads h join audit.logs l on l.tenant_id = h.tenant_id
    where h.tenant_id = p_tenant and p_tenant = vouchsafe.current_tenant()
$$;
revoke all on function audit.head_of(uuid) from public;
grant execute on function audit.head_of(uuid) to vouchsafe_app;

create function audit.tiles_of(p_tenant uuid, p_level smallint, p_first bigint, p_last bigint)
    returns table (tile bigint, hashes bytea)
    language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select t.tile, t.hashes from audit.tiles t
    where t.tenant_id = p_tenant and p_tenant = vouchsafe.current_tenant()
      and t.level = p_level and t.tile between p_first and p_last
    order by t.tile
$$;
revoke all on function audit.tiles_of(uuid, smallint, bigint, bigint) from public;
grant execute on function audit.tiles_of(uuid, smallint, bigint, bigint) to vouchsafe_app;

create function audit.bundles_of(p_tenant uuid, p_first bigint, p_last bigint)
    returns table (bundle bigint, entries bytea)
    language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select b.bundle, b.entries from audit.bundles b
    where b.tenant_id = p_tenant and p_tenant = vouchsafe.current_tenant() and b.bundle between p_first and p_last
    order by b.bundle
$$;
revoke all on function audit.bundles_of(uuid, bigint, bigint) from public;
grant execute on function audit.bundles_of(uuid, bigint, bigint) to vouchsafe_app;

create function audit.tail_of(p_tenant uuid)
    returns table (first_index bigint, entries bytea, hashes bytea)
    language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select t.first_index, t.entries, t.hashes from audit.tails t
    where t.tenant_id = p_tenant and p_tenant = vouchsafe.current_tenant()
    order by t.first_index
$$;
revoke all on function audit.tail_of(uuid) from public;
grant execute on function audit.tail_of(uuid) to vouchsafe_app;

-- How many committed entries wait for their index.
create function audit.pending_of(p_tenant uuid) returns bigint
    language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select coalesce(sum(octet_length(p.hashes) / 32), 0)::bigint from audit.pending p
    where p.tenant_id = p_tenant and p_tenant = vouchsafe.current_tenant()
$$;
revoke all on function audit.pending_of(uuid) from public;
grant execute on function audit.pending_of(uuid) to vouchsafe_app;

-- The index of an entry, or null. The newest bundles come first: who asks for a proof mostly asks for what just happened.
create function audit.index_of(p_tenant uuid, p_entry bytea) returns bigint
    language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
    part record;
    place integer;
begin
    if p_tenant is distinct from vouchsafe.current_tenant() or octet_length(p_entry) <> 16 then
        return null;
    end if;
    for part in select t.first_index, t.entries from audit.tails t where t.tenant_id = p_tenant
                union all
                (select b.bundle * 256, b.entries from audit.bundles b where b.tenant_id = p_tenant order by b.bundle desc)
    loop
        place := position(p_entry in part.entries);
        if place > 0 then
            for at in 0 .. octet_length(part.entries) / 16 - 1 loop
                if substr(part.entries, 16 * at + 1, 16) = p_entry then
                    return part.first_index + at;
                end if;
            end loop;
        end if;
    end loop;
    return null;
end $$;
revoke all on function audit.index_of(uuid, bytea) from public;
grant execute on function audit.index_of(uuid, bytea) to vouchsafe_app;
