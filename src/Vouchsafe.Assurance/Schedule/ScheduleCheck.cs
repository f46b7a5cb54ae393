using System.Text.Json.Nodes;
using Vouchsafe.Assurance.Drills;
using Vouchsafe.Assurance.Sightings;
using Vouchsafe.Claims.Checks;
using Vouchsafe.Claims.Controls;
using Vouchsafe.Claims.Evidence;

namespace Vouchsafe.Assurance.Schedule;

/// <summary>
/// Control <c>assurance.schedule</c>: every check ran within its interval, and every check was seen to turn red when its control was broken,
/// by a drill in the running product or by the acceptance suite of this build.
/// </summary>
internal sealed class ScheduleCheck(SightingStore sightings, DrillStore drills, AssuranceOptions options) : ICheck
{
    public string Control => AssuranceOptions.Control;

    public Vantage Vantage => Vantage.Inside;

    public async Task<Finding> RunAsync(CheckContext context, CancellationToken cancellationToken)
    {
        var now = context.Time.GetUtcNow();
        var looks = await sightings.AllAsync(cancellationToken);
        var drilled = await drills.AllAsync(cancellationToken);
        var controls = context.Posture.Controls.Where(control => control != Control && ControlCatalogue.Find(control)!.Stage == Stage.Built).ToList();
        var seen = new JsonObject { ["checks"] = controls.Count, ["drilled"] = drilled.Values.Count(drill => drill.SeenRed == true) };
        var wrong = controls.Select(control => Overdue(control, looks.GetValueOrDefault(control), now))
            .Concat(controls.Select(control => Doubtful(control, drilled.GetValueOrDefault(control), now)))
            .Concat(controls.Select(control => NeverRed(control, looks.GetValueOrDefault(control), now)))
            .OfType<string>().ToList();
        return wrong.Count == 0
            ? Finding.Held($"{controls.Count} checks ran within their interval, and each was seen to turn red with its control broken, {seen["drilled"]} of them by drills in this instance.", seen)
            : Finding.Broken(string.Join(" ", wrong.Take(3)) + (wrong.Count > 3 ? $" And {wrong.Count - 3} more." : ""), seen);
    }

    /// <summary>A round begins an interval after the last began, and a control's turn in it comes a little sooner or later.</summary>
    private string? Overdue(string control, Sighting? look, DateTimeOffset now) =>
        look is null ? $"The check of {control} has never run."
        : now - look.CheckedAt > 2 * options.Every ? $"The check of {control} is overdue: it last ran at {TrustStatement.Time(look.CheckedAt)}."
        : null;

    private string? Doubtful(string control, Drilled? drill, DateTimeOffset now) =>
        drill is { SeenRed: false } ? $"The check of {control} stayed green in a drill that broke it."
        : drill is not null && now - drill.BeganAt > 2 * options.DrillEvery ? $"The drill of {control} is overdue: the last began at {TrustStatement.Time(drill.BeganAt)}."
        : null;

    private string? NeverRed(string control, Sighting? look, DateTimeOffset now) =>
        look is null ? null
        : look.LastDrillAt is not { } red ? $"The check of {control} was never seen to turn red."
        : now - red > options.RedWithin ? $"The check of {control} was last seen to turn red at {TrustStatement.Time(red)}, too long ago."
        : null;
}
