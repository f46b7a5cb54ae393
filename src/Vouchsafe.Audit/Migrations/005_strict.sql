-- Strict mode (decision 0056): the entry, its index and the moved head are one transaction with what happened. All of it is computed
-- here, from what is stored: the application's login still has no right to a hash, a tile or a head.

-- What an append must know of a log: the roots of the perfect subtrees that its size is made of (RFC 6962, section 2.1), largest first.
-- Only a memory: where it doesn't fit the head, it is made anew from tails and tiles.
create table audit.frontiers (
    tenant_id uuid   not null primary key,
    size      bigint not null check (size > 0),
    nodes     bytea  not null check (octet_length(nodes) % 32 = 0 and octet_length(nodes) between 32 and 2048)
) with (fillfactor = 50);
call vouchsafe.platform_table('audit.frontiers', 'select', because => 'numbers and hashes; append_indexed writes them');

create function audit.root_of(p_nodes bytea) returns bytea
    language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
declare
    v_root bytea := substr(p_nodes, octet_length(p_nodes) - 31);
begin
    for v_at in reverse octet_length(p_nodes) / 32 - 2 .. 0 loop
        v_root := sha256('\x01'::bytea || substr(p_nodes, 32 * v_at + 1, 32) || v_root);
    end loop;
    return v_root;
end $$;
revoke all on function audit.root_of(bytea) from public;

-- The frontier from the right edge of each level: level 0 is the tail, the others are tiles that grow.
create function audit.frontier_of(p_tenant uuid, p_size bigint) returns bytea
    language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
    v_nodes  bytea := '';
    v_hashes bytea;
    v_part   bytea;
    v_width  integer;
    v_bit    integer;
begin
    for v_level in reverse 7 .. 0 loop
        v_width := ((p_size >> (8 * v_level)) & 255)::integer;
        continue when v_width = 0;
        if v_level = 0 then
            select string_agg(t.hashes, ''::bytea order by t.first_index) into v_hashes from audit.tails t where t.tenant_id = p_tenant;
        else
            select t.hashes into v_hashes from audit.tiles t
            where t.tenant_id = p_tenant and t.level = v_level and t.tile = case v_level when 7 then 0 else p_size >> (8 * (v_level + 1)) end;
        end if;
        if octet_length(v_hashes) is distinct from 32 * v_width then
            raise exception 'the log holds other hashes at its right edge than its size says' using errcode = 'XX001';
        end if;
        v_bit := 128;
        while v_bit > 0 loop
            if v_width & v_bit > 0 then
                v_part := substr(v_hashes, 1, 32 * v_bit);
                v_hashes := substr(v_hashes, 32 * v_bit + 1);
                while octet_length(v_part) > 32 loop
                    select string_agg(sha256('\x01'::bytea || substr(v_part, 64 * i + 1, 64)), ''::bytea order by i) into v_part
                    from generate_series(0, octet_length(v_part) / 64 - 1) as i;
                end loop;
                v_nodes := v_nodes || v_part;
            end if;
            v_bit := v_bit / 2;
        end loop;
    end loop;
    return v_nodes;
end $$;
revoke all on function audit.frontier_of(uuid, bigint) from public;

-- As audit.append, and moves the log. Whoever appends to the same log waits until this transaction ends.
create function audit.append_indexed(p_tenant uuid, p_append uuid, p_leaves bytea[], p_sealed bytea[]) returns bigint
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    v_first   bigint;
    v_size    bigint := 0;
    v_root    bytea;
    v_nodes   bytea := '';
    v_node    bytea;
    v_height  integer;
    v_place   bigint;
    v_id      bytea := uuid_send(p_append);
    v_entries bytea := '';
    v_hashes  bytea := '';
begin
    if get_byte(v_id, 15) <> 0 or coalesce(cardinality(p_leaves), 0) not between 1 and 256 or cardinality(p_sealed) <> cardinality(p_leaves)
       or array_ndims(p_leaves) <> 1 or array_lower(p_leaves, 1) <> 1 or array_position(p_leaves, null) is not null or array_position(p_sealed, null) is not null then
        raise exception 'an append has an id that ends in a zero byte, 1 to 256 leaves and as many sealed parts' using errcode = '22023';
    end if;
    -- The policy refuses a foreign tenant here, before anything is locked.
    insert into audit.entries (tenant_id, append_id, leaves, sealed) values (p_tenant, p_append, p_leaves, p_sealed);

    select h.size, h.root into v_size, v_root from audit.heads h where h.tenant_id = p_tenant for update;
    if not found then
        -- The log's first entry: whoever opened the log left a row to wait at.
        perform from audit.logs l where l.tenant_id = p_tenant for update;
        if not found then
            raise exception 'the tenant''s log was not opened' using errcode = '55000';
        end if;
        select h.size, h.root into v_size, v_root from audit.heads h where h.tenant_id = p_tenant for update;
        if not found then
            v_size := 0;
        end if;
    end if;
    if v_size > 0 then
        select f.nodes into v_nodes from audit.frontiers f where f.tenant_id = p_tenant and f.size = v_size;
        if not found or audit.root_of(v_nodes) <> v_root then
            v_nodes := audit.frontier_of(p_tenant, v_size);
            if audit.root_of(v_nodes) <> v_root then
                raise exception 'the log''s right edge doesn''t hash to its head' using errcode = 'XX001';
            end if;
        end if;
    end if;

    v_first := v_size;
    for v_n in 1 .. cardinality(p_leaves) loop
        v_node := sha256('\x00'::bytea || p_leaves[v_n]);
        v_entries := v_entries || set_byte(v_id, 15, v_n - 1);
        v_hashes := v_hashes || v_node;
        v_height := 0;
        while (v_size >> v_height) & 1 = 1 loop
            v_node := sha256('\x01'::bytea || substr(v_nodes, octet_length(v_nodes) - 31) || v_node);
            v_nodes := substr(v_nodes, 1, octet_length(v_nodes) - 32);
            v_height := v_height + 1;
            if v_height % 8 = 0 then
                v_place := ((v_size + 1) >> v_height) - 1;
                insert into audit.tiles as t (tenant_id, level, tile, hashes) values (p_tenant, (v_height / 8)::smallint, v_place >> 8, v_node)
                on conflict (tenant_id, level, tile) do update set hashes = substr(t.hashes, 1, 32 * (v_place & 255)::integer) || excluded.hashes;
            end if;
        end loop;
        v_nodes := v_nodes || v_node;
        v_size := v_size + 1;
        if v_size % 256 = 0 then
            with gone as (delete from audit.tails t where t.tenant_id = p_tenant returning t.first_index, t.entries, t.hashes)
            select coalesce(string_agg(g.entries, ''::bytea order by g.first_index), '') || v_entries, coalesce(string_agg(g.hashes, ''::bytea order by g.first_index), '') || v_hashes
            into v_entries, v_hashes from gone g;
            insert into audit.tiles (tenant_id, level, tile, hashes) values (p_tenant, 0, v_size / 256 - 1, v_hashes)
            on conflict (tenant_id, level, tile) do update set hashes = excluded.hashes;
            insert into audit.bundles (tenant_id, bundle, entries) values (p_tenant, v_size / 256 - 1, v_entries)
            on conflict (tenant_id, bundle) do update set entries = excluded.entries;
            v_entries := '';
            v_hashes := '';
        end if;
    end loop;
    if v_entries <> '' then
        insert into audit.tails (tenant_id, first_index, entries, hashes) values (p_tenant, v_size - octet_length(v_entries) / 16, v_entries, v_hashes);
    end if;
    insert into audit.heads as h (tenant_id, size, root, moved_at) values (p_tenant, v_size, audit.root_of(v_nodes), now())
    on conflict (tenant_id) do update set size = excluded.size, root = excluded.root, moved_at = excluded.moved_at;
    insert into audit.frontiers as f (tenant_id, size, nodes) values (p_tenant, v_size, v_nodes)
    on conflict (tenant_id) do update set size = excluded.size, nodes = excluded.nodes;
    return v_first;
end $$;
revoke all on function audit.append_indexed(uuid, uuid, bytea[], bytea[]) from public;
grant execute on function audit.append_indexed(uuid, uuid, bytea[], bytea[]) to vouchsafe_app;
