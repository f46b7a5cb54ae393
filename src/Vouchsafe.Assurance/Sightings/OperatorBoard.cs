using Npgsql;
using Vouchsafe.Assurance.Results;
using Vouchsafe.Postgres.Sessions;
using Vouchsafe.Postgres.Tenancy;

namespace Vouchsafe.Assurance.Sightings;

/// <summary>What the operator's console shows beside the claims: nodes, rounds of jobs, and how long each look took.</summary>
public sealed class OperatorBoard
{
    private static readonly Actor Console = Actor.System("operator-console");
    private readonly IDatabase database;

    private readonly ResultLog results;

    internal OperatorBoard(IDatabase database, ResultLog results) => (this.database, this.results) = (database, results);

    /// <summary>The nodes that told of themselves in the last hour.</summary>
    public Task<List<ServingNode>> NodesAsync(CancellationToken cancellationToken) => ListAsync(
        "select address, max(seen_at) from assurance.nodes group by address order by address",
        row => new ServingNode(row.GetString(0), row.GetFieldValue<DateTimeOffset>(1)), cancellationToken);

    /// <summary>The last round of each job, across all nodes.</summary>
    public Task<List<JobRound>> RoundsAsync(CancellationToken cancellationToken) => ListAsync(
        "select job, finished_at, due_at, held_until, failures, last_error from vouchsafe.job_leases order by job",
        row => new JobRound(row.GetString(0), Moment(row, 1), row.GetFieldValue<DateTimeOffset>(2), Moment(row, 3), row.GetInt32(4), row.IsDBNull(5) ? null : row.GetString(5)),
        cancellationToken);

    /// <summary>How long the last look at each control took.</summary>
    public async Task<IReadOnlyDictionary<string, TimeSpan>> DurationsAsync(CancellationToken cancellationToken) =>
        (await results.ReadAsync(sequence: false, cancellationToken)).Newest.ToDictionary(run => run.Key, run => run.Value.Took, StringComparer.Ordinal);

    private async Task<List<T>> ListAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var session = database.Platform(Console);
        return await session.ListAsync(sql, [], read, cancellationToken);
    }

    private static DateTimeOffset? Moment(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}

/// <param name="Address">Its own HTTPS address.</param>
/// <param name="SeenAt">When it last told that it serves.</param>
public sealed record ServingNode(string Address, DateTimeOffset SeenAt);

/// <param name="FinishedAt">When its last round ended; null where none did.</param>
/// <param name="DueAt">When the next one is due.</param>
/// <param name="HeldUntil">Until when a node holds it that runs it now; null where none does.</param>
/// <param name="Failures">Rounds in a row that failed.</param>
/// <param name="LastError">The type of the last failure.</param>
public sealed record JobRound(string Job, DateTimeOffset? FinishedAt, DateTimeOffset DueAt, DateTimeOffset? HeldUntil, int Failures, string? LastError);
