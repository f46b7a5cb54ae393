using Npgsql;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Assurance.Drills;

/// <summary>The last drill of each control.</summary>
internal sealed class DrillStore(IDatabase database)
{
    private static readonly Actor Assurance = Actor.System("assurance");

    public async Task<IReadOnlyDictionary<string, Drilled>> AllAsync(CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Assurance);
        var rows = await session.ListAsync("select control, began_at, ended_at, seen_red, message, evidence from assurance.drills", [], Read, cancellationToken);
        return rows.ToDictionary(drilled => drilled.Control, StringComparer.Ordinal);
    }

    /// <summary>Before anything is broken: whoever finds the row unfinished later knows that there is something to mend.</summary>
    public async Task BeginAsync(string control, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Assurance);
        await session.ExecuteAsync(
            """
            insert into assurance.drills (control, began_at) values ($1, $2)
            on conflict (control) do update set began_at = excluded.began_at, ended_at = null, seen_red = null, message = null, evidence = null
            """, [control, at], cancellationToken);
    }

    public async Task EndAsync(string control, DateTimeOffset at, bool? seenRed, string message, Guid? evidence, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Assurance);
        await session.ExecuteBatchAsync(
            [
                new Statement("update assurance.drills set ended_at = $2, seen_red = $3, message = $4, evidence = $5 where control = $1", control, at, seenRed, message, evidence),
                new Statement("update assurance.sightings set last_drill_at = $2 where control = $1 and $3", control, at, seenRed == true),
            ],
            cancellationToken);
    }

    private static Drilled Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetFieldValue<DateTimeOffset>(1), row.IsDBNull(2) ? null : row.GetFieldValue<DateTimeOffset>(2),
        row.IsDBNull(3) ? null : row.GetBoolean(3), row.IsDBNull(4) ? "" : row.GetString(4), row.IsDBNull(5) ? null : row.GetGuid(5));
}

/// <summary>The last drill of a control.</summary>
/// <param name="EndedAt">Null while it lasts, or where it was cut off.</param>
/// <param name="SeenRed">Whether the check saw it; null where nothing was looked at.</param>
internal sealed record Drilled(string Control, DateTimeOffset BeganAt, DateTimeOffset? EndedAt, bool? SeenRed, string Message, Guid? Evidence);
