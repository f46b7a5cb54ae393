using Vouchsafe.Acceptance.Sabotage.Audit;
using Vouchsafe.Testing.Sabotage;

namespace Vouchsafe.Acceptance.Sabotage.Tenancy;

/// <summary>Somebody with a superuser's login changes the schema by hand, and changes it back.</summary>
internal abstract class BrokenSchema(string control, string name, string expected, string breaking, string mending, string proof) : ISabotage
{
    public string Control => control;

    public string Name => name;

    public string ExpectedMessageFragment => expected;

    public async Task<string?> BreakAsync(SabotageContext context, CancellationToken cancellationToken)
    {
        await Superuser.ScalarAsync(context, breaking, cancellationToken);
        // Void unless the catalogue itself says that something changed.
        return await Superuser.ScalarAsync(context, proof, cancellationToken) is true ? breaking : null;
    }

    public Task MendAsync(SabotageContext context, CancellationToken cancellationToken) => Superuser.ScalarAsync(context, mending, cancellationToken);
}

internal sealed class DroppedPolicy() : BrokenSchema(
    "tenancy.row-security", "drop one policy", "vouchsafe.canary_notes",
    "drop policy vouchsafe_tenant on vouchsafe.canary_notes",
    "set role vouchsafe_owner; call vouchsafe.tenant_table('vouchsafe.canary_notes')",
    "select not exists (select from pg_policy where polrelid = 'vouchsafe.canary_notes'::regclass)");

internal sealed class BypassingRole() : BrokenSchema(
    "tenancy.row-security", "let the application's login past row-level security", "vouchsafe_app",
    "alter role vouchsafe_app bypassrls",
    "alter role vouchsafe_app nobypassrls",
    "select rolbypassrls from pg_roles where rolname = 'vouchsafe_app'");

internal sealed class UnforcedTable() : BrokenSchema(
    "tenancy.row-security", "take FORCE from one table", "vouchsafe.canary_notes",
    "alter table vouchsafe.canary_notes no force row level security",
    "alter table vouchsafe.canary_notes force row level security",
    "select not relforcerowsecurity from pg_class where oid = 'vouchsafe.canary_notes'::regclass");

internal sealed class TrustedVariable() : BrokenSchema(
    "tenancy.data-layer", "trust the tenant variable without its seal", "forged context",
    """
    create or replace function vouchsafe.current_tenant() returns uuid language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp as
    $$ begin return encode(substr(decode(current_setting('vouchsafe.context', true), 'hex'), 9, 16), 'hex')::uuid; exception when others then return null; end $$
    """,
    "set role vouchsafe_owner; call vouchsafe.accept_seal_keys()",
    "select prosrc not like '%sha256%' from pg_proc where oid = 'vouchsafe.current_tenant()'::regprocedure");

internal sealed class OpenedPolicy() : BrokenSchema(
    "tenancy.data-layer", "open one table's policy to everybody", "vouchsafe.canaries",
    "alter policy vouchsafe_tenant on vouchsafe.canaries using (true)",
    "alter policy vouchsafe_tenant on vouchsafe.canaries using (tenant_id = vouchsafe.current_tenant() and vouchsafe.may_see(owner_id, shared_with))",
    "select pg_get_expr(polqual, polrelid) = 'true' from pg_policy where polrelid = 'vouchsafe.canaries'::regclass");

internal sealed class DroppedOwner() : BrokenSchema(
    "tenancy.owner", "drop the owner's part of a policy", "another owner",
    "alter policy vouchsafe_tenant on vouchsafe.canaries using (tenant_id = vouchsafe.current_tenant())",
    "alter policy vouchsafe_tenant on vouchsafe.canaries using (tenant_id = vouchsafe.current_tenant() and vouchsafe.may_see(owner_id, shared_with))",
    "select pg_get_expr(polqual, polrelid) not like '%may_see%' from pg_policy where polrelid = 'vouchsafe.canaries'::regclass");

internal sealed class GrantedSetConfig() : BrokenSchema(
    "tenancy.data-layer", "give everybody set_config back", "set_config",
    "grant execute on function set_config(text, text, boolean) to public",
    "revoke execute on function set_config(text, text, boolean) from public",
    "select has_function_privilege('vouchsafe_app', 'set_config(text, text, boolean)', 'EXECUTE')");

internal sealed class GrantedLanguage() : BrokenSchema(
    "tenancy.data-layer", "give everybody the language plpgsql back", "DO",
    "grant usage on language plpgsql to public",
    "revoke usage on language plpgsql from public",
    "select has_language_privilege('vouchsafe_app', 'plpgsql', 'USAGE')");

internal sealed class ExpiryByTransaction() : BrokenSchema(
    "tenancy.data-layer", "judge a context's expiry by the transaction's beginning", "inside an open transaction",
    """
    do $$ begin
        execute format('create or replace function vouchsafe.current_tenant() returns uuid language plpgsql stable parallel restricted security definer as %L',
            replace(vouchsafe.context_source('current_tenant'), 'pg_catalog.statement_timestamp()', 'current_timestamp'));
    end $$
    """,
    "set role vouchsafe_owner; call vouchsafe.accept_seal_keys()",
    "select prosrc not like '%statement_timestamp%' from pg_proc where oid = 'vouchsafe.current_tenant()'::regprocedure");

internal sealed class WritableReadOnlyContext() : BrokenSchema(
    "tenancy.data-layer", "accept a read-only context in a transaction that may write", "read-only",
    """
    do $$ begin
        execute format('create or replace function vouchsafe.current_tenant() returns uuid language plpgsql stable parallel restricted security definer as %L',
            replace(vouchsafe.context_source('current_tenant'), $q$pg_catalog.current_setting('transaction_read_only')$q$, $q$'on'::pg_catalog.text$q$));
    end $$
    """,
    "set role vouchsafe_owner; call vouchsafe.accept_seal_keys()",
    "select prosrc not like '%transaction_read_only%' from pg_proc where oid = 'vouchsafe.current_tenant()'::regprocedure");
