using Vouchsafe.Audit.Trail;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Claims.Evidence;
using Vouchsafe.Cryptography.Hashing;
using Vouchsafe.Transparency.Trees;

namespace Vouchsafe.Assurance.Results;

/// <summary>What follows from the operator's log, entry after entry in the log's order. Not thread-safe.</summary>
/// <param name="posture">The hash of the posture that this node runs with.</param>
/// <param name="validFor">For how long a run counts at most.</param>
/// <param name="faultsBefore">How many faults this node numbered before.</param>
internal sealed class ResultState(string posture, TimeSpan validFor, long faultsBefore)
{
    /// <summary>How many changes, and how many faults, are kept.</summary>
    public const int MaxChanges = 1000;
    private const int MaxFaults = 100;

    private readonly Dictionary<string, CheckRun> newest = new(StringComparer.Ordinal), own = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> misdated = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DrillRun> drills = new(StringComparer.Ordinal), drillsSeenRed = new(StringComparer.Ordinal);
    private readonly LinkedList<CheckRun> changes = [];
    private readonly LinkedList<Adoption> adoptions = [];
    private readonly List<ResultFault> faults = [];
    private readonly HashSet<string> lost = new(StringComparer.Ordinal);
    private readonly LinkedList<VerifiedEntry> recent = [];
    private DateTimeOffset latest;

    /// <summary>The index of the newest entry that may hide a result: one that can't be read, or the one after a gap.</summary>
    private long hidden = -1;
    private long sequence;
    private string previous = "";

    public IEnumerable<string> Controls => newest.Keys;

    /// <summary>The number of the newest fault.</summary>
    public long FaultCount { get; private set; } = faultsBefore;

    public CheckRun? Newest { get; private set; }

    public long? OldestChange => changes.First?.Value is { } change ? change.Links.Change : Newest?.Links.Change;

    public int ChangeCount => changes.Count;

    public bool HasDrill(string control) => drills.ContainsKey(control);

    public bool HasDrillSeenRed(string control) => drillsSeenRed.ContainsKey(control);

    public CheckRun? RunOf(string control) => newest.GetValueOrDefault(control);

    public Adoption? OldestAdoption => adoptions.First?.Value;

    public int AdoptionCount => adoptions.Count;

    /// <summary>Takes the next entry.</summary>
    /// <param name="now">The time, to tell an entry that is dated ahead of it.</param>
    public void Add(VerifiedEntry entry, DateTimeOffset now)
    {
        if (entry.Fault is { } broken)
        {
            Report($"Entry {entry.Index} of the operator's log {broken}.");
            hidden = entry.Index;
            return;
        }
        if (entry.Event is not (EvidenceDocument.CheckRan or EvidenceDocument.DrillRan or Adoption.Event)) return;
        if (ResultLinks.Read(entry) is not { } links)
        {
            Report($"Entry {entry.Index} of the operator's log isn't tied to the results before it.");
            return;
        }
        if (!Follows(entry, links)) return;
        Keep(entry);
        var odd = Misdating(entry, now);
        if (odd is not null) Report($"Entry {entry.Index} of the operator's log {odd}.");
        else if (entry.At > latest) latest = entry.At;
        switch (entry.Event)
        {
            case EvidenceDocument.CheckRan when CheckRun.Read(entry) is { } run:
                Add(run, odd);
                break;
            case EvidenceDocument.DrillRan when DrillRun.Read(entry) is { } drill:
                // A drill that is dated ahead isn't one that was due.
                if (odd is null || !drill.SeenRed) AddDrill(drill, isNewest: true);
                break;
            case Adoption.Event when Adoption.Read(entry) is { } adoption:
                adoptions.AddLast(adoption);
                break;
            default:
                Report($"Entry {entry.Index} of the operator's log isn't a whole {entry.Event}.");
                break;
        }
    }

    /// <summary>Puts a change before those that are known: they are read back one by one.</summary>
    public void AddEarlier(CheckRun change) => changes.AddFirst(change);

    /// <inheritdoc cref="AddEarlier(CheckRun)"/>
    public void AddEarlier(Adoption adoption) => adoptions.AddFirst(adoption);

    /// <param name="isNewest">False where only the newest that was seen is known.</param>
    public void AddDrill(DrillRun drill, bool isNewest)
    {
        if (isNewest) drills[drill.Control] = drill;
        if (drill.SeenRed) drillsSeenRed[drill.Control] = drill;
    }

    /// <summary>A result of the control was recorded and didn't get into the log: what the log says of it is not the newest.</summary>
    public void Lose(string control)
    {
        lost.Add(control);
        Report($"A result of {control} was recorded and didn't get into the operator's log.");
    }

    public void Report(string fault)
    {
        faults.Add(new ResultFault(++FaultCount, fault));
        if (faults.Count > MaxFaults) faults.RemoveAt(0);
    }

    /// <summary>The state as somebody else may hold it.</summary>
    /// <param name="suite">When the acceptance suite saw a control's check turn red.</param>
    public ResultSnapshot Snapshot(DateTimeOffset now, string? unreliable, string? clockFault, Func<string, DateTimeOffset?> suite)
    {
        var failures = Failures();
        var lastFailed = failures.GroupBy(failure => failure.Control, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        var runs = newest.Keys.Select(control => (Control: control, Run: Counting(control))).Where(each => each.Run is not null)
            .ToDictionary(each => each.Control, each => each.Run!, StringComparer.Ordinal);
        var results = new Dictionary<string, Sighting>(StringComparer.Ordinal);
        foreach (var (control, run) in runs)
            results[control] = Read(run, lastFailed.GetValueOrDefault(control)?.LastAt, suite(control), unreliable);
        // A failure stays one until somebody looks again, however long ago it was.
        foreach (var (control, failure) in lastFailed)
            if (failure.EndedAt is null && !newest.ContainsKey(control))
                results[control] = new Sighting(control, false, failure.Message, failure.LastAt, failure.LastAt, failure.LastAt, suite(control), failure.Evidence);
        List<ResultFault> all = clockFault is null ? [.. faults] : [.. faults, new ResultFault(0, clockFault)];
        return new ResultSnapshot(
            now, unreliable, newest.ToDictionary(), results, drills.ToDictionary(), drillsSeenRed.ToDictionary(), failures, [.. adoptions.Reverse()], all,
            Shown(results), new ResultLinks(sequence + 1, previous, changes.Last?.Value.Entry.Index ?? Newest?.Links.Change, null, null, adoptions.Last?.Value.Entry.Index));
    }

    private void Add(CheckRun run, string? odd)
    {
        if (run.IsChange)
        {
            changes.AddLast(run);
            if (changes.Count > MaxChanges) changes.RemoveFirst();
        }
        newest[run.Control] = run;
        Newest = run;
        lost.Remove(run.Control);
        if (run.Posture == posture) own[run.Control] = run;
        if (odd is null) misdated.Remove(run.Control);
        else misdated[run.Control] = odd;
    }

    /// <summary>The run to go by: the newest under this node's posture; under whatever posture, where that one failed and is newer still.</summary>
    private CheckRun? Counting(string control)
    {
        var last = newest[control];
        return last.Holds && own.TryGetValue(control, out var found) ? found : last.Holds ? null : last;
    }

    private Sighting Read(CheckRun run, DateTimeOffset? lastFailed, DateTimeOffset? suite, string? unreliable)
    {
        // No longer than the posture says, whatever the entry says.
        var validUntil = run.ValidUntil < run.Entry.At + validFor ? run.ValidUntil : run.Entry.At + validFor;
        var drill = drillsSeenRed.GetValueOrDefault(run.Control)?.BeganAt;
        var seenRed = drill is null || suite > drill ? suite ?? drill : drill;
        var red = run.Holds ? lastFailed : run.CheckedAt;
        var wrong = unreliable is not null ? $"The operator's log can't be relied on: {unreliable}."
            : run.Holds && lost.Contains(run.Control) ? $"A newer result of {run.Control} was recorded and isn't in the operator's log."
            : run.Holds && run.Entry.Index < hidden ? $"A result in the operator's log after the newest run of {run.Control} can't be read, so it doesn't count."
            : run.Holds && misdated.TryGetValue(run.Control, out var odd) ? $"The newest run of {run.Control} {odd}, so it doesn't count."
            : null;
        return new Sighting(run.Control, run.Holds && wrong is null, wrong ?? run.Message, run.CheckedAt, validUntil, red, seenRed, run.Entry.Id);
    }

    /// <summary>From the oldest run that counts to the newest result of all.</summary>
    private List<VerifiedEntry> Shown(Dictionary<string, Sighting> results)
    {
        var counting = results.Values.Select(result => result.Evidence).ToHashSet();
        return [.. recent.SkipWhile(entry => !counting.Contains(entry.Id))];
    }

    private List<Failure> Failures()
    {
        var failures = new List<Failure>();
        var open = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var change in changes)
        {
            if (!change.Holds)
            {
                open[change.Control] = failures.Count;
                failures.Add(new Failure(change.Control, change.Message, change.CheckedAt, change.CheckedAt, null, change.Entry.Id));
            }
            else if (open.Remove(change.Control, out var at))
            {
                failures[at] = failures[at] with { EndedAt = change.CheckedAt, LastAt = change.FailedLastAt ?? failures[at].LastAt };
            }
        }
        foreach (var (control, at) in open)
            if (newest.GetValueOrDefault(control) is { Holds: false } last)
                failures[at] = failures[at] with { LastAt = last.CheckedAt, Message = last.Message };
        failures.Reverse();
        return failures;
    }

    /// <summary>Keeps what a statement shows: the results that may still count, without a gap.</summary>
    private void Keep(VerifiedEntry entry)
    {
        if (entry.Index == hidden) recent.Clear();
        recent.AddLast(entry);
        while (recent.Count > ResultChain.MaxEntries || recent.First!.Value.At + validFor < latest) recent.RemoveFirst();
    }

    /// <summary>Whether the entry has the next running number and names the one before it. A copy of an old entry, or one beside another, doesn't count.</summary>
    private bool Follows(VerifiedEntry entry, ResultLinks links)
    {
        if (sequence > 0 && links.Sequence <= sequence)
        {
            Report($"Entry {entry.Index} of the operator's log repeats result {links.Sequence}, which stands before it.");
            return false;
        }
        if (sequence > 0 && links.Sequence > sequence + 1)
        {
            Report($"Results {sequence + 1} to {links.Sequence - 1} are missing from the operator's log.");
            hidden = entry.Index;
        }
        else if (sequence > 0 && links.Previous != previous)
        {
            Report($"Entry {entry.Index} of the operator's log doesn't continue the result before it.");
            hidden = entry.Index;
        }
        sequence = links.Sequence;
        previous = TreeHash.Leaf(entry.Leaf.Span).ToString();
        return true;
    }

    private string? Misdating(VerifiedEntry entry, DateTimeOffset now) =>
        entry.At > now + ResultClock.Skew ? $"is dated {TrustStatement.Time(entry.At)}, which is yet to come"
        : latest - entry.At > ResultClock.Skew ? $"is dated {TrustStatement.Time(entry.At)}, before an entry that it follows"
        : null;
}
