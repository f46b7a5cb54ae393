using Vouchsafe.Audit.Trail;

namespace Vouchsafe.Audit.Checks;

/// <summary>
/// Entries of one append that stand one behind the other in a log. A round writes an append whole, so a sound log is made of whole
/// appends.
/// </summary>
/// <param name="First">The index of the first of them.</param>
/// <param name="From">Its position within the append: 0, but where the log was pruned in the middle of one.</param>
internal readonly record struct AppendRun(Guid Append, long First, int From, int Count)
{
    /// <summary>How many entries the append has if the run reaches its end.</summary>
    public int Through => From + Count;

    public Guid FirstEntry => new AppendId(Append).Entry(From);
}

/// <summary>Puts a log's entries together to runs.</summary>
/// <param name="take">Gets each run when the next begins.</param>
internal sealed class AppendRuns(Action<AppendRun> take)
{
    private AppendRun? _run;

    /// <summary>Takes the next entry of the log.</summary>
    public void Seen(long index, Guid entry)
    {
        var (append, position) = (AppendId.Of(entry).Value, AppendId.PositionOf(entry));
        if (_run is { } run && run.Append == append && run.Through == position)
        {
            _run = run with { Count = run.Count + 1 };
            return;
        }

        End();
        _run = new AppendRun(append, index, position, 1);
    }

    /// <summary>The log ends here.</summary>
    public void End()
    {
        if (_run is { } run)
            take(run);
        _run = null;
    }
}
