namespace Vouchsafe.Acceptance.Sabotage.Tenancy;

internal sealed class OpenedStatistics() : BrokenSchema(
    "tenancy.data-layer", "let the planner count a column of all tenants", "vouchsafe.canaries, t.mark",
    "alter table vouchsafe.canaries alter column mark set statistics 100; analyze vouchsafe.canaries",
    "set role vouchsafe_owner; call vouchsafe.owned_table('vouchsafe.canaries')",
    "select exists (select from pg_statistic where starelid = 'vouchsafe.canaries'::regclass)");

internal sealed class GrantedAdvisoryLock() : BrokenSchema(
    "tenancy.data-layer", "let the application's login take advisory locks", "advisory lock",
    "grant execute on function pg_advisory_lock(bigint) to public",
    "revoke execute on function pg_advisory_lock(bigint) from public",
    "select has_function_privilege('vouchsafe_app', 'pg_advisory_lock(bigint)', 'EXECUTE')");

internal sealed class GrantedTermination() : BrokenSchema(
    "tenancy.data-layer", "let the application's login end other sessions", "end other sessions",
    "grant execute on function pg_terminate_backend(integer, bigint) to vouchsafe_app",
    "revoke execute on function pg_terminate_backend(integer, bigint) from vouchsafe_app",
    "select has_function_privilege('vouchsafe_app', 'pg_terminate_backend(integer, bigint)', 'EXECUTE')");

internal sealed class LockableTable() : BrokenSchema(
    "tenancy.data-layer", "grant UPDATE on a whole table", "lock the table vouchsafe.canary_notes",
    "grant update on vouchsafe.canary_notes to vouchsafe_app",
    "revoke update on vouchsafe.canary_notes from vouchsafe_app; set role vouchsafe_owner; call vouchsafe.tenant_table('vouchsafe.canary_notes')",
    "select has_table_privilege('vouchsafe_app', 'vouchsafe.canary_notes', 'UPDATE')");
