using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Bench.Driver;

/// <summary>Benchmark 5: the rows of one tenant, where ten tenants are and where a hundred thousand are; each has as many rows.</summary>
internal static class ManyTenants
{
    internal static Task RunAsync(Ground ground)
    {
        Func<int, CancellationToken, Task> Of(string table, int tenants)
        {
            // As many different tenants are asked for in both, so that both reuse as many contexts.
            var scopes = Enumerable.Range(0, Ground.Few).Select(at => new TenantScope(Ground.Tenant(at * (tenants / Ground.Few), tenants), Actor.System("bench"), OwnerReach.All, null)).ToArray();
            return async (operation, cancellationToken) =>
            {
                var scope = scopes[operation % scopes.Length];
                await using var session = ground.Database.Tenant(scope);
                var rows = await session.ListAsync($"select row_id, body from bench.{table} where tenant_id = $1 order by row_id desc limit 10",
                    [scope.Tenant], row => (row.GetInt64(0), row.GetString(1)), cancellationToken);
                if (rows.Count != 10)
                    throw new InvalidOperationException("The rows aren't there.");
            };
        }

        return Rounds.CompareAsync("Ten rows of a tenant among 100,000 tenants", "among 10 tenants", "<=1.1", lowerIsBetter: true, Of("many", Ground.Many), Of("few", Ground.Few));
    }
}
