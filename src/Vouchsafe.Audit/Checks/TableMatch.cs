using Npgsql;
using NpgsqlTypes;
using Vouchsafe.Postgres.Sessions;

namespace Vouchsafe.Audit.Checks;

/// <summary>
/// Matches a tenant's rows in <c>audit.entries</c> with the appends that its log is made of, one to one, in one pass over both: the log
/// by index, the table by
/// append id. The two orders are nearly the same, so that little is held in memory.
/// </summary>
/// <remarks>
/// A row belongs to one append of the log and goes with it. What is left of the log in the end are appends that committed while the
/// pass was under way, after the rows
/// around theirs had been read, and appends that stand there once more.
/// </remarks>
/// <param name="start">The index at which the pass began.</param>
internal sealed class TableMatch(long start)
{
    private const int Held = 65_536;

    private static readonly Guid Last = new("ffffffff-ffff-ffff-ffff-ffffffffffff");

    /// <summary>Appends of the log whose row wasn't read yet.</summary>
    private readonly Dictionary<Guid, AppendRun> _named = [];

    /// <summary>Of appends that are in <see cref="_named"/>, whatever else of them stands in the log.</summary>
    private readonly List<AppendRun> _again = [];

    /// <summary>Rows that the log hasn't named yet, and how many entries each holds.</summary>
    private readonly Dictionary<Guid, int> _open = [];
    private AppendRuns? _runs;
    private Guid? _through;
    private Guid _newest;

    /// <summary>Rows that the log doesn't name, or not with as many entries; and how many each holds.</summary>
    public IReadOnlyDictionary<Guid, int> Open => _open;

    /// <summary>Appends of the log that no row is left for.</summary>
    public IReadOnlyCollection<AppendRun> Unmatched => [.. _named.Values, .. _again];

    /// <summary>More rows were found than anything lawful explains.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>More appends of the log were found without a row than anything lawful explains.</summary>
    public bool Crowded { get; private set; }

    private AppendRuns Runs => _runs ??= new AppendRuns(Take);

    /// <summary>Takes the next entry of the log.</summary>
    public void Seen(long index, Guid entry) => Runs.Seen(index, entry);

    /// <summary>Whether a run can't be what was recorded: a part of an append by itself, or one of another length than its row.</summary>
    public bool IsBroken(in AppendRun run) => !IsWhole(run) || (_open.TryGetValue(run.Append, out var stored) && stored != run.Through);

    /// <summary>Reads the rows up to the newest append that the log named so far.</summary>
    /// <param name="all">Whether the log's end was reached: then all rows that are left.</param>
    public async Task ReadAsync(TenantSession session, bool all, CancellationToken cancellationToken)
    {
        if (all)
            End();
        var to = all ? Last : _newest;
        var rows = await session.ListAsync(
            """
            select append_id, cardinality(leaves) from audit.entries
            where tenant_id = $1 and ($2::uuid is null or append_id > $2) and append_id <= $3 order by append_id limit $4
            """,
            [session.Scope.Tenant.Value, new NpgsqlParameter { Value = (object?)_through ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid }, to, 2 * Held],
            row => (Append: row.GetGuid(0), Count: row.GetInt32(1)),
            cancellationToken);
        foreach (var (append, count) in rows)
        {
            if (_named.TryGetValue(append, out var run) && Fits(run, count))
                _named.Remove(append);
            else
                _open[append] = count;
        }

        Overflowed |= rows.Count == 2 * Held || _open.Count > Held;
        if (_through is not { } through || to.CompareTo(through) > 0)
            _through = to;
    }

    /// <summary>The log's end was reached: its last append is whole.</summary>
    public void End() => Runs.End();

    private void Take(AppendRun run)
    {
        if (run.Append.CompareTo(_newest) > 0)
            _newest = run.Append;
        if (_open.TryGetValue(run.Append, out var stored) && Fits(run, stored))
            _open.Remove(run.Append);
        else if (_named.Count + _again.Count >= Held)
            Crowded = true;
        else if (!_named.TryAdd(run.Append, run))
            _again.Add(run);
    }

    private bool Fits(in AppendRun run, int stored) => IsWhole(run) && stored == run.Through;

    private bool IsWhole(in AppendRun run) => run.From == 0 || run.First == start;
}
