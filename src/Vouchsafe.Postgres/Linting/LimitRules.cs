namespace Vouchsafe.Postgres.Linting;

/// <summary>Rights with which one login could stop the others.</summary>
internal static class LimitRules
{
    internal static readonly LintRule[] All =
    [
        new("grant.lock", "Declare the table anew: CALL vouchsafe.tenant_table('…') grants UPDATE column by column.",
            """
            select t.name, 'A run-time login has UPDATE on the whole table, and so may lock it for everybody.' from tables t cross join lateral aclexplode(t.relacl) a
            where a.grantee = 'vouchsafe_app'::regrole and a.privilege_type in ('UPDATE', 'MAINTAIN')
            """),
        new("role.connections", "ALTER ROLE vouchsafe_app CONNECTION LIMIT …: fewer than the server has, so that the platform's login always finds one.",
            """
            select quote_ident(rolname), 'The login may take every connection of the server.' from pg_roles
            where rolname = 'vouchsafe_app' and (rolconnlimit < 0 or rolconnlimit >= current_setting('max_connections')::integer)
            """),
    ];
}
