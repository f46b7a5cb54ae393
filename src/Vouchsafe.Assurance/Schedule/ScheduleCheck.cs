using System.Text.Json.Nodes;
using Vouchsafe.Assurance.Results;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Claims.Controls;
using Vouchsafe.Claims.Evidence;
using Vouchsafe.Claims.Postures;

namespace Vouchsafe.Assurance.Schedule;

/// <summary>
/// Control <c>assurance.schedule</c>: every check ran within its interval, every check was seen to turn red when its control was broken, by a
/// drill in the running product or by the acceptance suite of this build, and the record of both in the operator's log is whole.
/// </summary>
internal sealed class ScheduleCheck(ResultLog results, AssuranceOptions options) : ICheck
{
    /// <summary>How long a deployment may take, during which nodes run with the posture before.</summary>
    internal static readonly TimeSpan Rollout = TimeSpan.FromMinutes(30);

    private const int MaxNamed = 3;
    private long reported;

    public string Control => AssuranceOptions.Control;

    public Vantage Vantage => Vantage.Inside;

    public async Task<Finding> RunAsync(CheckContext context, CancellationToken cancellationToken)
    {
        var known = await results.ReadAsync(sequence: true, cancellationToken);
        var controls = context.Posture.Controls.Where(control => control != Control && ControlCatalogue.Find(control)!.Stage == Stage.Built).ToList();
        var seen = new JsonObject { ["checks"] = controls.Count, ["drilled"] = known.Drills.Values.Count(drill => drill.SeenRed) };
        List<string> wrong =
        [
            .. known.Unreliable is { } unreliable ? [$"The operator's log can't be relied on: {unreliable}."] : Array.Empty<string>(),
            .. PostureFaults(known, context.Posture),
            .. Unreported(known),
            .. controls.Select(control => Overdue(control, known.Newest.GetValueOrDefault(control), known.Now)).OfType<string>(),
            .. controls.Select(control => Doubtful(control, known.Drills.GetValueOrDefault(control), known.Now)).OfType<string>(),
            .. controls.Select(control => NeverRed(control, known.Results.GetValueOrDefault(control), known.Now)).OfType<string>(),
        ];
        return wrong.Count == 0
            ? Finding.Held($"{controls.Count} checks ran within their interval, and each was seen to turn red with its control broken, {seen["drilled"]} of them by drills in this instance.", seen)
            : Finding.Broken(string.Join(" ", wrong.Take(MaxNamed)) + (wrong.Count > MaxNamed ? $" And {wrong.Count - MaxNamed} more." : ""), seen);
    }

    /// <summary>A claim doesn't go without a word in the log, and a node doesn't go on with a posture that was replaced.</summary>
    private static IEnumerable<string> PostureFaults(ResultSnapshot known, Posture posture)
    {
        if (known.Adoptions.FirstOrDefault(adoption => adoption.Hash == posture.Hash) is not { } own)
        {
            yield return $"This node runs with a version of the posture {posture.Name} that no entry of the operator's log tells of.";
            yield break;
        }
        var gone = own.Claims.Where(id => posture.Claim(id) is null).ToList();
        if (gone.Count > 0) yield return $"The operator's log has the claim {gone[0]}, which is gone from the posture without an entry.";
        var newest = known.Adoptions[0];
        if (newest.Hash != posture.Hash && known.Now - newest.Entry.At > Rollout)
            yield return $"This node still runs with a version of the posture {posture.Name} that was replaced at {TrustStatement.Time(newest.Entry.At)}.";
    }

    /// <summary>What is wrong with an entry is told once by each node: the run that tells it stays in the log. What is wrong with a clock is told while it lasts.</summary>
    private IEnumerable<string> Unreported(ResultSnapshot known)
    {
        var faults = known.Faults.Where(fault => fault.Number == 0 || fault.Number > reported).ToList();
        reported = faults.Select(fault => fault.Number).Append(reported).Max();
        return faults.Select(fault => fault.Message);
    }

    /// <summary>A round begins an interval after the last began, and a control's turn in it comes a little sooner or later.</summary>
    private string? Overdue(string control, CheckRun? run, DateTimeOffset now) =>
        run is null ? $"The check of {control} has never run."
        : now - run.CheckedAt > 2 * options.Every ? $"The check of {control} is overdue: it last ran at {TrustStatement.Time(run.CheckedAt)}."
        : null;

    private string? Doubtful(string control, DrillRun? drill, DateTimeOffset now) =>
        drill is { SeenRed: false } ? $"The check of {control} stayed green in a drill that broke it."
        : drill is not null && now - drill.BeganAt > 2 * options.DrillEvery ? $"The drill of {control} is overdue: the last began at {TrustStatement.Time(drill.BeganAt)}."
        : null;

    private string? NeverRed(string control, Sighting? look, DateTimeOffset now) =>
        look is null ? null
        : look.LastDrillAt is not { } red ? $"The check of {control} was never seen to turn red."
        : now - red > options.RedWithin ? $"The check of {control} was last seen to turn red at {TrustStatement.Time(red)}, too long ago."
        : null;
}
