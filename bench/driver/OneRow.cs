using Npgsql;
using Vouchsafe.Bench.Measuring;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Bench.Driver;

/// <summary>Benchmark 1: one tenant's row by its id, connection taken from the pool and given back each time.</summary>
internal static class OneRow
{
    private const int Clients = 4;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(1);

    internal static Task RunAsync(Tables tables)
    {
        var scopes = Enumerable.Range(0, Tables.Some).Select(at => new TenantScope(Tables.Tenant(at, Tables.Some), Actor.System("bench"), OwnerReach.All, null)).ToArray();

        async Task SealedAsync(int operation)
        {
            var scope = scopes[operation % Tables.Some];
            await using var session = tables.Database.Tenant(scope);
            _ = await session.SingleOrDefaultAsync("select body from bench.sealed where tenant_id = $1 and row_id = $2",
                [scope.Tenant, Tables.Row(operation)], row => row.GetString(0), CancellationToken.None) ?? throw new InvalidOperationException("The row isn't there.");
        }

        async Task RawAsync(int operation)
        {
            await using var connection = await tables.Raw.OpenConnectionAsync();
            await using var command = new NpgsqlCommand("select body from bench.plain where tenant_id = $1 and row_id = $2", connection)
            {
                Parameters =
                {
                    new NpgsqlParameter<Guid> { TypedValue = scopes[operation % Tables.Some].Tenant.Value },
                    new NpgsqlParameter<long> { TypedValue = Tables.Row(operation) },
                },
            };
            await using var reader = await command.ExecuteReaderAsync();
            if (!await reader.ReadAsync())
                throw new InvalidOperationException("The row isn't there.");
            _ = reader.GetString(0);
        }

        return Rounds.CompareAsync("driver.row-by-id", "One tenant row by id, driver level", "raw Npgsql, prepared, No Reset On Close, no tenancy", "a second", ">=0.85", 21,
            () => Rounds.RateAsync(Clients, Length, SealedAsync), () => Rounds.RateAsync(Clients, Length, RawAsync));
    }
}
