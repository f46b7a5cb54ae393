using System.Diagnostics;
using System.Globalization;
using NpgsqlTypes;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Bench.Measuring;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Bench.Audit;

/// <summary>A business write with its entry in one transaction, against the same write with a row in a plain audit table.</summary>
internal static class SingleWrites
{
    private const int Clients = 8;
    private const int Count = 15;
    private const int Windows = 7;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(1.5);
    private const string Update = "update bench.orders set amount = amount + $3 where tenant_id = $1 and id = $2";
    private const string Insert = "insert into bench.plain (tenant_id, entry_id, event, actor, address, details) values ($1, $2, $3, $4, $5, $6)";

    internal static async Task RunAsync(Trail trail)
    {
        await Rounds.CompareAsync("audit.write", "business write with its audit entry, 100 tenants", "the same with a plain audit INSERT", "writes/s", ">=0.90", Count,
            () => Rounds.RateAsync(Clients, Length, n => OursAsync(trail, n, Trail.Tenants)), () => Rounds.RateAsync(Clients, Length, n => TheirsAsync(trail, n, Trail.Tenants)));
        await Rounds.CompareAsync("audit.write-hot", "business write with its audit entry, one hot tenant", "the same with a plain audit INSERT", "writes/s", ">=0.90", Count,
            () => Rounds.RateAsync(Clients, Length, n => OursAsync(trail, n, 1)), () => Rounds.RateAsync(Clients, Length, n => TheirsAsync(trail, n, 1)));
        await SequencedAsync(trail);
    }

    /// <summary>In strict mode, against ours without: what closing the window costs.</summary>
    internal static async Task RunStrictAsync(Trail strict, Trail trail)
    {
        foreach (var (name, what, tenants) in new[] { ("audit.strict", "the same write in strict mode, 100 tenants", Trail.Tenants), ("audit.strict-hot", "the same write in strict mode, one hot tenant", 1) })
            await Rounds.CompareAsync(name, what, "the same, indexed after the commit", "writes/s", "", Count,
                () => Rounds.RateAsync(Clients, Length, n => OursAsync(strict, n, tenants)), () => Rounds.RateAsync(Clients, Length, n => OursAsync(trail, n, tenants)));
    }

    private static async Task OursAsync(Trail trail, int n, int tenants)
    {
        var scope = Trail.Scope(n, tenants);
        await using var session = trail.Database.Tenant(scope);
        await session.ExecuteWithAuditAsync(
            [new Statement(Update, scope.Tenant.Value, Trail.Order(n), 5L)],
            new AuditEvent("order.changed", new AuditField("number", n.ToString(CultureInfo.InvariantCulture)), new AuditField("old", "5"), new AuditField("new", "10")),
            CancellationToken.None);
    }

    private static async Task TheirsAsync(Trail trail, int n, int tenants)
    {
        var scope = Trail.Scope(n, tenants);
        await using var session = trail.Database.Tenant(scope);
        await session.ExecuteBatchAsync(
        [
            new Statement(Update, scope.Tenant.Value, Trail.Order(n), 5L),
            new Statement(Insert, scope.Tenant.Value, Guid.CreateVersion7(session.Now), "order.changed", scope.Actor.Id, scope.Address,
                new Npgsql.NpgsqlParameter { Value = $$"""{"number":"{{n}}","old":"5","new":"10"}""", NpgsqlDbType = NpgsqlDbType.Jsonb }),
        ], CancellationToken.None);
    }

    /// <summary>From commit to the entry's place in the log, under the load of the first benchmark.</summary>
    private static async Task SequencedAsync(Trail trail)
    {
        var scope = Trail.Scope(0, 1) with { Tenant = new(new Guid("00000000-0000-7000-8000-00000000beef")) };
        var windows = new List<double>();
        var (size, seen, rate) = (0L, 0, 0d);
        for (var window = 0; window < Windows; window++)
        {
            var (waits, writes, last) = await WindowAsync(trail, scope, size);
            (size, seen, rate) = (last, seen + waits.Count, rate + (writes / Windows));
            windows.Add(waits[(int)(waits.Count * 0.99)]);
        }

        windows.Sort();
        var p99 = windows[windows.Count / 2];
        Rounds.Print("audit.sequenced-p99", $"commit to index, p99 of {seen / Windows} at {rate:0} writes/s", "the bound of 50 ms", "ms", "<=1", p99, 50, p99 / 50, windows[0] / 50, windows[^1] / 50, Windows);
    }

    private static async Task<(List<double> Waits, double Writes, long Size)> WindowAsync(Trail trail, TenantScope scope, long size)
    {
        var waits = new List<double>();
        var load = Rounds.RateAsync(Clients - 1, TimeSpan.FromSeconds(6), n => OursAsync(trail, n, Trail.Tenants));
        while (!load.IsCompleted)
        {
            await using var session = trail.Database.Tenant(scope);
            await session.RecordAsync(new AuditEvent("probe.sent"), CancellationToken.None);
            var committed = Stopwatch.GetTimestamp();
            while (await SizeAsync(session) == size)
                await Task.Delay(1);
            size++;
            waits.Add(Stopwatch.GetElapsedTime(committed).TotalMilliseconds);
        }

        waits.Sort();
        return (waits, await load, size);
    }

    private static async Task<long> SizeAsync(TenantSession session) =>
        await session.SingleOrDefaultAsync("select size from audit.head_of($1)", [session.Scope.Tenant.Value], row => row.GetInt64(0), CancellationToken.None);
}
