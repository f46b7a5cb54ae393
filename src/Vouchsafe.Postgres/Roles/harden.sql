-- Run by a superuser, once in each database; may be run again. :closed_functions and :closed_kinds stand in ClosedFunctions.cs.
do $$
declare
    target constant text := quote_ident(current_database());
    called record;
begin
    -- A temporary table outlives its transaction on a pooled connection and shadows names there.
    execute format('revoke all on database %s from public', target);
    execute format('grant connect on database %s to vouchsafe_owner, vouchsafe_app, vouchsafe_platform', target);
    revoke create on schema public from public;

    -- Without a language no DO and no function of one's own: a program in a statement looks like any other to the session that carries it.
    revoke usage on language plpgsql, sql from public;
    grant usage on language plpgsql, sql to vouchsafe_owner;

    for called in
        select p.oid::regprocedure as signature,
               p.proname ~ '^pg_(stat_get_|lock_status|blocking_pids|current_wal|last_wal|(database|tablespace|table|relation|total_relation|indexes)_size)' as monitoring
        from pg_proc p
        where p.pronamespace = 'pg_catalog'::regnamespace
          and exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee = 0)
          and (p.proname ~ ':closed_functions' or :closed_kinds)
    loop
        execute format('revoke all on function %s from public', called.signature);
        if called.monitoring then
            execute format('grant execute on function %s to pg_monitor, pg_read_all_stats', called.signature);
        end if;
    end loop;
    -- The view's rule calls set_config.
    revoke update on pg_settings from public;

    -- Which columns ANALYZE has counted, and not what: so that the linter sees what was counted while nobody looked (decision 0027).
    grant select (starelid, staattnum) on pg_statistic to vouchsafe_owner, vouchsafe_app, vouchsafe_platform;

    -- The functions that enter a context; the migrator's lock.
    grant execute on function set_config(text, text, boolean), pg_advisory_lock(bigint) to vouchsafe_owner;
    -- Recalls of rate-limit permits.
    grant execute on function pg_notify(text, text) to vouchsafe_platform;
end
$$;
