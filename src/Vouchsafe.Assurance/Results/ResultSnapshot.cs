using Vouchsafe.Audit.Trail;
using Vouchsafe.Claims.Checks;

namespace Vouchsafe.Assurance.Results;

/// <summary>What the operator's log said of all controls at one moment. Immutable.</summary>
/// <param name="Now">The time to judge by (<see cref="ResultClock"/>).</param>
/// <param name="Unreliable">Why the log as a whole counts for nothing; null where it holds.</param>
/// <param name="Newest">The newest run of each control, under whatever posture.</param>
/// <param name="Results">By control, how its newest run under this node's posture is to be read, never better than it is; where a newer one under another posture failed, that one.</param>
/// <param name="Drills">The newest drill of each control.</param>
/// <param name="Failures">Newest first.</param>
/// <param name="Adoptions">Postures, newest first.</param>
/// <param name="Faults">What is wrong with single entries or clocks, newest last.</param>
/// <param name="Shown">The results that bear the verdicts out, without a gap up to the newest.</param>
/// <param name="Next">The links that the next entry carries, apart from those of its control.</param>
internal sealed record ResultSnapshot(
    DateTimeOffset Now, string? Unreliable, IReadOnlyDictionary<string, CheckRun> Newest, IReadOnlyDictionary<string, Sighting> Results,
    IReadOnlyDictionary<string, DrillRun> Drills, IReadOnlyDictionary<string, DrillRun> DrillsSeenRed, IReadOnlyList<Failure> Failures,
    IReadOnlyList<Adoption> Adoptions, IReadOnlyList<ResultFault> Faults, IReadOnlyList<VerifiedEntry> Shown, ResultLinks Next)
{
    /// <summary>Whether the newest look at a control found it broken.</summary>
    public bool IsFailing(string control) =>
        Newest.TryGetValue(control, out var run) ? !run.Holds : Failures.Any(failure => failure.Control == control && failure.EndedAt is null);

    /// <summary>The links of the next entry about a control.</summary>
    public ResultLinks LinksOf(string control) => Next with
    {
        Drill = Drills.GetValueOrDefault(control)?.Entry.Index ?? Newest.GetValueOrDefault(control)?.Links.Drill,
        DrillSeenRed = DrillsSeenRed.GetValueOrDefault(control)?.Entry.Index ?? Newest.GetValueOrDefault(control)?.Links.DrillSeenRed,
    };
}

/// <summary>A time during which a control was seen broken.</summary>
/// <param name="Message">What the last look said that found it broken.</param>
/// <param name="BeganAt">The first look that did.</param>
/// <param name="LastAt">The last one.</param>
/// <param name="EndedAt">The first look that found it whole again; null while it lasts.</param>
/// <param name="Evidence">The entry of the first look.</param>
internal sealed record Failure(string Control, string Message, DateTimeOffset BeganAt, DateTimeOffset LastAt, DateTimeOffset? EndedAt, Guid Evidence);

/// <summary>Something that is wrong with the record of results.</summary>
/// <param name="Number">From 1, in the order in which this node found them.</param>
internal sealed record ResultFault(long Number, string Message);
