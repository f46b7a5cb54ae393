using Npgsql;
using Vouchsafe.Assurance.Seen;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Assurance.Sightings;

/// <summary>The last look at each control, and every red there was.</summary>
internal sealed class SightingStore(IDatabase database, SuiteRecord suite)
{
    private const string Columns = "control, holds, message, checked_at, valid_until, last_red_at, last_drill_at, evidence";
    private static readonly Actor Assurance = Actor.System("assurance");

    public async Task<IReadOnlyDictionary<string, Sighting>> AllAsync(CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Assurance);
        var rows = await session.ListAsync($"select {Columns} from assurance.sightings", [], Read, cancellationToken);
        return rows.ToDictionary(sighting => sighting.Control, StringComparer.Ordinal);
    }

    /// <summary>Keeps a look: the sighting, and the red that it opens, goes on with or ends.</summary>
    public async Task KeepAsync(string control, Finding finding, DateTimeOffset at, DateTimeOffset validUntil, TimeSpan took, Guid evidence, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Assurance);
        await session.ExecuteBatchAsync(
            [
                new Statement(
                    """
                    insert into assurance.sightings as s (control, holds, message, checked_at, valid_until, took, last_red_at, evidence)
                    values ($1, $2, $3, $4, $5, $6, case when $2 then null else $4 end, $7)
                    on conflict (control) do update set holds = excluded.holds, message = excluded.message, checked_at = excluded.checked_at,
                        valid_until = excluded.valid_until, took = excluded.took, last_red_at = coalesce(excluded.last_red_at, s.last_red_at), evidence = excluded.evidence
                    where s.checked_at <= excluded.checked_at
                    """,
                    control, finding.Holds, finding.Message, at, validUntil, took, evidence),
                finding.Holds
                    ? new Statement("update assurance.reds set mended_at = $2 where control = $1 and mended_at is null", control, at)
                    : new Statement(
                        """
                        insert into assurance.reds as r (red_id, control, message, began_at, last_at, evidence) values ($1, $2, $3, $4, $4, $1)
                        on conflict (control) where mended_at is null do update set last_at = excluded.last_at, message = excluded.message
                        """,
                        evidence, control, finding.Message, at),
                new Statement("insert into assurance.runs (evidence, control, holds, message, checked_at, took) values ($1, $2, $3, $4, $5, $6)", evidence, control, finding.Holds, finding.Message, at, took),
            ],
            cancellationToken);
    }

    /// <summary>Single runs, the newest first.</summary>
    public async Task<IReadOnlyList<Run>> RunsAsync(int most, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Assurance);
        return await session.ListAsync(
            "select control, holds, message, checked_at, took, evidence from assurance.runs order by checked_at desc limit $1", [most],
            row => new Run(row.GetString(0), row.GetBoolean(1), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3), row.GetFieldValue<TimeSpan>(4), row.GetGuid(5)),
            cancellationToken);
    }

    public async Task ForgetRunsAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Assurance);
        await session.ExecuteAsync("delete from assurance.runs where checked_at < $1", [before], cancellationToken);
    }

    /// <summary>Reds, newest first.</summary>
    public async Task<IReadOnlyList<Red>> RedsAsync(int most, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Assurance);
        return await session.ListAsync(
            "select control, message, began_at, last_at, mended_at, evidence from assurance.reds order by began_at desc limit $1", [most],
            row => new Red(row.GetString(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2), row.GetFieldValue<DateTimeOffset>(3), Moment(row, 4), row.GetGuid(5)),
            cancellationToken);
    }

    public async Task<bool> IsEvidenceAsync(Guid evidence, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Assurance);
        return await session.SingleOrDefaultAsync(
            "select exists (select from assurance.sightings where evidence = $1) or exists (select from assurance.reds where evidence = $1) or exists (select from assurance.drills where evidence = $1)", [evidence],
            row => row.GetBoolean(0), cancellationToken);
    }

    private Sighting Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetBoolean(1), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3), row.GetFieldValue<DateTimeOffset>(4),
        Moment(row, 5), Later(Moment(row, 6), suite.Of(row.GetString(0))), row.GetGuid(7));

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other ?? one : one;

    private static DateTimeOffset? Moment(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}

/// <summary>One run of a check.</summary>
internal sealed record Run(string Control, bool Holds, string Message, DateTimeOffset CheckedAt, TimeSpan Took, Guid Evidence);

/// <summary>A time during which a control was seen broken.</summary>
internal sealed record Red(string Control, string Message, DateTimeOffset BeganAt, DateTimeOffset LastAt, DateTimeOffset? MendedAt, Guid Evidence);
