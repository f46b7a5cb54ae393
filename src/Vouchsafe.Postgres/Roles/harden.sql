-- Run by a superuser, once in each database; may be run again.
do $$
declare
    target constant text := quote_ident(current_database());
    called record;
begin
    -- A temporary table outlives its transaction on a pooled connection and shadows names there.
    execute format('revoke all on database %s from public', target);
    execute format('grant connect on database %s to vouchsafe_owner, vouchsafe_app, vouchsafe_platform', target);
    revoke create on schema public from public;

    -- Large objects have an owner and no tenant: whoever shares the login reads them.
    for called in
        select p.oid::regprocedure as signature from pg_proc p
        where p.pronamespace = 'pg_catalog'::regnamespace
          and (p.proname in ('lo_create', 'lo_creat', 'lo_from_bytea', 'lo_put', 'lo_open', 'lo_get', 'lo_import', 'lo_export', 'lowrite', 'loread',
                            'lo_unlink', 'lo_truncate', 'lo_truncate64', 'pg_stat_get_activity', 'pg_stat_get_backend_activity')
               -- Whoever may take an advisory lock, or end a session of its own login, stops everybody else.
               or p.proname ~ '^pg_(try_)?advisory_'
               or p.proname in ('pg_terminate_backend', 'pg_cancel_backend')
               or p.proname ~ '^pg_stat_get_backend_')
    loop
        execute format('revoke all on function %s from public', called.signature);
    end loop;
    grant execute on function pg_stat_get_activity(integer) to pg_monitor, pg_read_all_stats;

    -- The migrator's lock.
    grant execute on function pg_advisory_lock(bigint) to vouchsafe_owner;
end
$$;
