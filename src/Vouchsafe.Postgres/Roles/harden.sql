-- Run by a superuser, once in each database; may be run again. :closed_functions is the list in ClosedFunctions.cs.
do $$
declare
    target constant text := quote_ident(current_database());
    called record;
begin
    -- A temporary table outlives its transaction on a pooled connection and shadows names there.
    execute format('revoke all on database %s from public', target);
    execute format('grant connect on database %s to vouchsafe_owner, vouchsafe_app, vouchsafe_platform', target);
    revoke create on schema public from public;

    for called in
        select p.oid::regprocedure as signature from pg_proc p
        where p.pronamespace = 'pg_catalog'::regnamespace
          and p.proname ~ ':closed_functions'
    loop
        execute format('revoke all on function %s from public', called.signature);
    end loop;
    grant execute on function pg_stat_get_activity(integer) to pg_monitor, pg_read_all_stats;

    -- The migrator's lock.
    grant execute on function pg_advisory_lock(bigint) to vouchsafe_owner;
end
$$;
