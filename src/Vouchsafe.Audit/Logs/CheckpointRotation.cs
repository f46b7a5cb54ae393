using System.Globalization;
using Vouchsafe.Audit.Trail;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;
using Vouchsafe.Cryptography.Keys;

namespace Vouchsafe.Audit.Logs;

/// <summary>Hands the checkpoint keys of all logs over to new ones. Can be cut off anywhere and begun again.</summary>
public sealed class CheckpointRotation
{
    /// <summary>How long both keys sign, where nothing else is said: long enough for whoever pins a key to look once.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromDays(30);

    private const string Job = "audit.checkpoint-keys";

    private readonly IDatabase _database;
    private readonly KeyRing _keys;
    private readonly CheckpointKeys _generations;

    internal CheckpointRotation(IDatabase database, KeyRing keys, CheckpointKeys generations) => (_database, _keys, _generations) = (database, keys, generations);

    /// <summary>Announces the next keys and records it in the operator's log. Where a rotation was cut off, it is finished instead, and no further one begun.</summary>
    /// <returns>The generation that is announced now, and from when on it signs and signs alone.</returns>
    /// <exception cref="InvalidOperationException">The last hand-over still runs.</exception>
    public async Task<(int Generation, DateTimeOffset SignsFrom, DateTimeOffset AloneFrom)> RotateAsync(string reason, TimeSpan overlap, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        ArgumentOutOfRangeException.ThrowIfLessThan(overlap, TimeSpan.Zero);
        await _generations.ReadyAsync(cancellationToken, now: true);
        var newest = _generations.All[^1];
        if (!await CompleteAsync(reason, cancellationToken))
        {
            await using var session = _database.Platform(Actor.System(Job));
            if (newest.AloneFrom > session.Now)
                throw new InvalidOperationException($"Generation {newest.Number} is being handed over to until {newest.AloneFrom:yyyy-MM-dd HH:mm:ss}Z.");
            await AnnounceAsync(newest.Number + 1, overlap, cancellationToken);
            await CompleteAsync(reason, cancellationToken);
        }
        await _generations.ReadyAsync(cancellationToken, now: true);
        newest = _generations.All[^1];
        return (newest.Number, newest.SignsFrom, newest.AloneFrom);
    }

    /// <summary>The one write that makes a generation; of two who announce at once, one does.</summary>
    internal async Task AnnounceAsync(int number, TimeSpan overlap, CancellationToken cancellationToken)
    {
        await using var session = _database.Platform(Actor.System(Job));
        var from = DateTimeOffset.FromUnixTimeSeconds((session.Now + CheckpointKeys.Notice).ToUnixTimeSeconds() + 1);
        var next = new KeyGeneration(number, from, DateTimeOffset.FromUnixTimeSeconds((from + overlap).ToUnixTimeSeconds()));
        await session.ExecuteAsync("insert into audit.checkpoint_keys (generation, signs_from, alone_from, authentic) values ($1, $2, $3, $4) on conflict do nothing",
            [next.Number, next.SignsFrom, next.AloneFrom, next.Authenticate(_keys)], cancellationToken);
    }

    /// <summary>Records announcements that whoever made them didn't live to record. Dying in between records one twice, never not at all.</summary>
    /// <returns>Whether there was one.</returns>
    internal async Task<bool> CompleteAsync(string? reason, CancellationToken cancellationToken)
    {
        await using var session = _database.Platform(Actor.System(Job));
        var open = await session.ListAsync("select generation, signs_from, alone_from from audit.checkpoint_keys where not recorded order by generation", [],
            row => new KeyGeneration(row.GetInt32(0), row.GetFieldValue<DateTimeOffset>(1), row.GetFieldValue<DateTimeOffset>(2)), cancellationToken);
        foreach (var generation in open)
        {
            await using (var log = _database.Tenant(SystemLog.Scope(Actor.System(Job))))
                await log.RecordAsync(new AuditEvent("checkpoint-keys.rotated",
                    new AuditField("generation", generation.Number.ToString(CultureInfo.InvariantCulture)),
                    new AuditField("signs-from", generation.SignsFrom.ToString("O", CultureInfo.InvariantCulture)),
                    new AuditField("alone-from", generation.AloneFrom.ToString("O", CultureInfo.InvariantCulture)),
                    new AuditField("reason", reason ?? "not known: whoever began was cut off")), cancellationToken);
            await session.ExecuteAsync("update audit.checkpoint_keys set recorded = true where generation = $1", [generation.Number], cancellationToken);
        }
        return open.Count > 0;
    }
}
