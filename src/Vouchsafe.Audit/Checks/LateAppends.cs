using Vouchsafe.Audit.Receipts;
using Vouchsafe.Audit.Trail;

namespace Vouchsafe.Audit.Checks;

/// <summary>
/// Among new entries of a log those that are older than their neighbours: what stands there once more is, as a rule. An append's id
/// begins with the milliseconds at which it was made.
/// </summary>
internal sealed class LateAppends
{
    private const int Most = 4096;

    private readonly List<AppendRun> _late = [];
    private AppendRuns? _runs;
    private long _newest;

    public IReadOnlyCollection<AppendRun> Found
    {
        get
        {
            Runs.End();
            return _late;
        }
    }

    private AppendRuns Runs => _runs ??= new AppendRuns(Take);

    public void Seen(long index, Guid entry) => Runs.Seen(index, entry);

    private void Take(AppendRun run)
    {
        var made = new AppendId(run.Append).Milliseconds;
        if (made + (long)Reconciler.Within.TotalMilliseconds < _newest && _late.Count < Most)
            _late.Add(run);
        _newest = Math.Max(_newest, made);
    }
}
