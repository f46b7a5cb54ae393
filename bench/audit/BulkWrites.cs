using System.Diagnostics;
using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Bench.Measuring;

namespace Vouchsafe.Bench.Audit;

/// <summary>Many entries at once, against COPY of as many rows into a plain audit table.</summary>
internal static class BulkWrites
{
    private const int Entries = 40_960;
    private const int Count = 15;

    internal static Task RunAsync(Trail trail) =>
        Rounds.CompareAsync("audit.bulk", "bulk of entries", "COPY into a plain audit table", "entries/s", ">=0.50", Count, () => OursAsync(trail), () => TheirsAsync(trail));

    private static async Task<double> OursAsync(Trail trail)
    {
        var started = Stopwatch.GetTimestamp();
        await using var session = trail.Database.Tenant(Trail.Scope(0, 1));
        await session.RecordManyAsync(
            [.. Enumerable.Range(0, Entries).Select(n => new AuditEvent(
                "order.imported", new AuditField("number", n.ToString(CultureInfo.InvariantCulture)), new AuditField("old", "5"), new AuditField("new", "10")))],
            CancellationToken.None);
        return Entries / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<double> TheirsAsync(Trail trail)
    {
        var started = Stopwatch.GetTimestamp();
        var scope = Trail.Scope(0, 1);
        await using var connection = new NpgsqlConnection(trail.Superuser);
        await connection.OpenAsync();
        await using (var copy = await connection.BeginBinaryImportAsync("copy bench.plain (tenant_id, entry_id, event, actor, address, details) from stdin (format binary)"))
        {
            for (var n = 0; n < Entries; n++)
            {
                await copy.StartRowAsync();
                await copy.WriteAsync(scope.Tenant.Value, NpgsqlDbType.Uuid);
                await copy.WriteAsync(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), NpgsqlDbType.Uuid);
                await copy.WriteAsync("order.imported", NpgsqlDbType.Text);
                await copy.WriteAsync(scope.Actor.Id, NpgsqlDbType.Uuid);
                await copy.WriteAsync(scope.Address!, NpgsqlDbType.Inet);
                await copy.WriteAsync($$"""{"number":"{{n}}","old":"5","new":"10"}""", NpgsqlDbType.Jsonb);
            }

            await copy.CompleteAsync();
        }

        return Entries / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
