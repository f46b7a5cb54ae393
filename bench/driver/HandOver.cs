using Npgsql;
using Vouchsafe.Bench.Measuring;
using Vouchsafe.Postgres.Sealing;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Bench.Driver;

/// <summary>What it costs that nothing passes from one tenant to the next on a connection: the same context and read by key, with nobody looking at the answers.</summary>
internal static class HandOver
{
    private const int Clients = 8;
    private const int Count = 15;
    private const string Read = "select body from bench.many where tenant_id = $1 and row_id = $2";
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(1);

    internal static async Task RunAsync(Tables tables, Ground ground)
    {
        await CompareAsync("1", "one tenant", operation => 0);
        await CompareAsync("100", "100 tenants in turn", operation => operation % 100);
        await CompareAsync("10000", "10,000 tenants in turn", operation => operation % 10_000);
        await CompareAsync("zipf", "10,000 tenants by Zipf", Zipf(10_000));

        async Task CompareAsync(string name, string what, Func<int, int> choose)
        {
            var scopes = Enumerable.Range(0, 10_000).Select(at => new TenantScope(Tables.Tenant(at, Tables.Many), Actor.System("bench"), OwnerReach.All, null)).ToArray();
            var key = ((IContextKeys)ground).Derive(1);

            async Task WithAsync(int operation)
            {
                var scope = scopes[choose(operation)];
                await using var session = tables.Database.Tenant(scope);
                _ = await session.SingleOrDefaultAsync(Read, [scope.Tenant, Tables.Row(operation)], row => row.GetString(0), CancellationToken.None)
                    ?? throw new InvalidOperationException("The row isn't there.");
            }

            async Task WithoutAsync(int operation)
            {
                var scope = scopes[choose(operation)];
                await using var connection = await tables.Raw.OpenConnectionAsync();
                var expiry = TimeProvider.System.GetUtcNow().AddMinutes(1);
                var context = ContextSealer.Seal(key, scope.Tenant.Value, Guid.Empty, OwnerReach.All, readOnly: false, connection.ProcessID, expiry);
                await using var batch = connection.CreateBatch();
                batch.BatchCommands.Add(new("select vouchsafe.enter($1)") { Parameters = { new NpgsqlParameter<string> { TypedValue = context } } });
                batch.BatchCommands.Add(new(Read)
                {
                    Parameters = { new NpgsqlParameter<Guid> { TypedValue = scope.Tenant.Value }, new NpgsqlParameter<long> { TypedValue = Tables.Row(operation) } },
                });
                await using var reader = await batch.ExecuteReaderAsync();
                await reader.NextResultAsync();
                if (!await reader.ReadAsync())
                    throw new InvalidOperationException("The row isn't there.");
                _ = reader.GetString(0);
            }

            const string Peer = "the same without a look at the answers, on the driver's pool";
            await Rounds.CompareAsync($"driver.hand-over.{name}", $"Reads by key, {what}", Peer, "a second", "", Count,
                () => Rounds.RateAsync(Clients, Length, WithAsync), () => Rounds.RateAsync(Clients, Length, WithoutAsync));
            await Rounds.CompareAsync($"driver.hand-over.{name}.processor", $"Reads by key, {what}: processor time of client and server", Peer, "µs", "", Count,
                () => CostAsync(WithAsync), () => CostAsync(WithoutAsync));
        }

        async Task<double> CostAsync(Func<int, Task> operation)
        {
            var before = ProcessorTime.Of(ground.Server);
            var rate = await Rounds.RateAsync(Clients, Length, operation);
            return (ProcessorTime.Of(ground.Server) - before).TotalMicroseconds / (rate * Length.TotalSeconds);
        }
    }

    /// <summary>The tenant that an operation falls on: the nth as often as 1/n.</summary>
    private static Func<int, int> Zipf(int tenants)
    {
        var sums = new double[tenants];
        for (var at = 0; at < tenants; at++)
            sums[at] = (at == 0 ? 0 : sums[at - 1]) + 1.0 / (at + 1);
        return operation =>
        {
            var found = Array.BinarySearch(sums, (uint)(operation * 2654435761L) / (double)uint.MaxValue * sums[^1]);
            return Math.Min(found < 0 ? ~found : found, tenants - 1);
        };
    }
}
