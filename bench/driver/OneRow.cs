using Npgsql;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Bench.Driver;

/// <summary>Benchmark 1: one tenant's row by its id, connection taken from the pool and given back each time.</summary>
internal static class OneRow
{
    private const int Tenants = 1_000;

    internal static Task RunAsync(Ground ground)
    {
        var scopes = Enumerable.Range(0, Tenants).Select(at => new TenantScope(Ground.Tenant(at, Tenants), Actor.System("bench"), OwnerReach.All, null)).ToArray();

        async Task SealedAsync(int operation, CancellationToken cancellationToken)
        {
            var scope = scopes[operation % Tenants];
            await using var session = ground.Database.Tenant(scope);
            _ = await session.SingleOrDefaultAsync("select body from bench.sealed where tenant_id = $1 and row_id = $2",
                [scope.Tenant, Ground.Row(operation)], row => row.GetString(0), cancellationToken) ?? throw new InvalidOperationException("The row isn't there.");
        }

        async Task RawAsync(int operation, CancellationToken cancellationToken)
        {
            await using var connection = await ground.Raw.OpenConnectionAsync(cancellationToken);
            await using var command = new NpgsqlCommand("select body from bench.plain where tenant_id = $1 and row_id = $2", connection)
            {
                Parameters =
                {
                    new NpgsqlParameter<Guid> { TypedValue = scopes[operation % Tenants].Tenant.Value },
                    new NpgsqlParameter<long> { TypedValue = Ground.Row(operation) },
                },
            };
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            if (!await reader.ReadAsync(cancellationToken))
                throw new InvalidOperationException("The row isn't there.");
            _ = reader.GetString(0);
        }

        return Rounds.CompareAsync("One tenant row by id, driver level", "raw Npgsql, prepared, No Reset On Close, no tenancy", ">=0.85", lowerIsBetter: false, SealedAsync, RawAsync);
    }
}
