using Vouchsafe.Bench.Measuring;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Bench.Driver;

/// <summary>Benchmark 5: the rows of one tenant, where ten tenants are and where a hundred thousand are; each has as many rows.</summary>
internal static class ManyTenants
{
    private const int Clients = 4;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(1);

    internal static Task RunAsync(Tables tables)
    {
        Func<Task<double>> Of(string table, int tenants)
        {
            // As many different tenants are asked for in both, so that both reuse as many contexts.
            var scopes = Enumerable.Range(0, Tables.Few).Select(at => new TenantScope(Tables.Tenant(at * (tenants / Tables.Few), tenants), Actor.System("bench"), OwnerReach.All, null)).ToArray();
            var sql = $"select row_id, body from bench.{table} where tenant_id = $1 order by row_id desc limit 10";
            return async () => 1_000_000 * Clients / await Rounds.RateAsync(Clients, Length, async operation =>
            {
                var scope = scopes[operation % scopes.Length];
                await using var session = tables.Database.Tenant(scope);
                var rows = await session.ListAsync(sql, [scope.Tenant], row => (row.GetInt64(0), row.GetString(1)), CancellationToken.None);
                if (rows.Count != 10)
                    throw new InvalidOperationException("The rows aren't there.");
            });
        }

        return Rounds.CompareAsync("driver.many-tenants", "Ten rows of a tenant among 100,000 tenants", "among 10 tenants", "µs", "<=1.1", 41, Of("many", Tables.Many), Of("few", Tables.Few));
    }
}
