using static Vouchsafe.Claims.Controls.ControlDefinition;

namespace Vouchsafe.Claims.Controls.Areas;

internal static class Trust
{
    public static IReadOnlyList<ControlDefinition> All { get; } =
    [
        Built("assurance.schedule", "Every check ran within its interval, and every check was seen to turn red when its control was broken.",
            new DurationFigure("every", "10s", "1d", "Between two runs of a check."),
            new DurationFigure("valid-for", "30s", "7d", "For how long a sighting counts."),
            new DurationFigure("timeout", "1s", "10m", "The longest that a check may take; beyond it the control counts as broken."),
            new DurationFigure("drill-every", "1m", "1y", "Between two sabotage drills of a control that can be drilled in the running product."),
            new DurationFigure("red-within", "1d", "2y", "Every check must have been seen red, by a drill or by the acceptance suite, within this time."))
            .Where(
                schedule => schedule.Duration("valid-for") >= 2 * schedule.Duration("every") ? null : "valid-for must be twice every at least, or one late run would turn claims stale",
                schedule => schedule.Duration("drill-every") > schedule.Duration("every") ? null : "drill-every must be longer than every",
                schedule => schedule.Duration("red-within") >= schedule.Duration("drill-every") ? null : "red-within must not be shorter than drill-every"),
        Planned("trust-pages.measures", "Each measure on the published page is a claim with its live state.",
            new TextFigure("page", Forms.Path(), 120, "Where the measures are published.")),
        Planned("trust-pages.consistent", "The trust, privacy, sub-processor, request, acceptable-use and legal pages are served from live data and agree."),
        Planned("trust-pages.readable", "Trust pages come in several languages with contacts, reading time, version and a question whether they helped."),
        Planned("roadmap.states", "What is in place, planned or on request is told apart, and a change shows in time.",
            new DurationFigure("within", "1d", "90d", "From a change to its line on the page.")),
        Planned("compliance.mappings", "Each framework's articles are listed with the claims behind them.",
            ListFigure.Like("frameworks", Forms.Word(), 1, 20, "The frameworks.")),
    ];
}
