using Vouchsafe.Audit.Trail;
using Vouchsafe.Postgres.Sessions;

namespace Vouchsafe.Audit.Checks;

/// <summary>
/// Compares a tenant's rows in <c>audit.entries</c> with what its log names, in one pass over both: the log by index, the table by append id. The two orders are nearly
/// the same, so that little is held in memory.
/// </summary>
internal sealed class TableMatch
{
    private const int Held = 65_536;

    private static readonly Guid Last = new("ffffffff-ffff-ffff-ffff-ffffffffffff");

    /// <summary>How many entries each append has that the log named lately.</summary>
    private readonly Dictionary<Guid, int> _named = [];
    private readonly Queue<Guid> _order = new();

    /// <summary>Rows that the log hasn't named yet, and how many entries each holds.</summary>
    private readonly Dictionary<Guid, int> _open = [];
    private Guid? _through;
    private Guid _newest;

    /// <summary>Rows that the log doesn't name, or not with as many entries.</summary>
    public IReadOnlyCollection<Guid> Open => _open.Keys;

    /// <summary>More rows were found than anything lawful explains.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>An entry that the log names.</summary>
    public void Seen(Guid entry)
    {
        var append = AppendId.Of(entry).Value;
        var count = AppendId.PositionOf(entry) + 1;
        if (append.CompareTo(_newest) > 0)
            _newest = append;
        if (_open.TryGetValue(append, out var stored) && stored == count)
        {
            _open.Remove(append);
            return;
        }

        if (!_named.TryAdd(append, count))
        {
            _named[append] = count;
            return;
        }

        _order.Enqueue(append);
        if (_order.Count > Held)
            _named.Remove(_order.Dequeue());
    }

    /// <summary>Reads the rows up to the newest append that the log named so far.</summary>
    /// <param name="all">Whether the log's end was reached: then all rows that are left.</param>
    public async Task ReadAsync(TenantSession session, bool all, CancellationToken cancellationToken)
    {
        var to = all ? Last : _newest;
        var rows = await session.ListAsync(
            "select append_id, cardinality(leaves) from audit.entries where tenant_id = $1 and ($2::uuid is null or append_id > $2) and append_id <= $3 order by append_id limit $4",
            [session.Scope.Tenant.Value, new Npgsql.NpgsqlParameter { Value = (object?)_through ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid }, to, 2 * Held],
            row => (Append: row.GetGuid(0), Count: row.GetInt32(1)),
            cancellationToken);
        foreach (var (append, count) in rows)
            if (!_named.TryGetValue(append, out var named) || named != count)
                _open[append] = count;
        Overflowed |= rows.Count == 2 * Held || _open.Count > Held;
        if (_through is not { } through || to.CompareTo(through) > 0)
            _through = to;
    }
}
