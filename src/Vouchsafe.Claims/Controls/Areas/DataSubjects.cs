using static Vouchsafe.Claims.Controls.ControlDefinition;

namespace Vouchsafe.Claims.Controls.Areas;

internal static class DataSubjects
{
    public static IReadOnlyList<ControlDefinition> All { get; } =
    [
        Planned("data-subjects.requests", "Export, rectification, restriction and deletion reach every table with the person's data, by a clock that runs from receipt.",
            new IntegerFigure("months", 1, 3, "Calendar months to answer in (GDPR Art. 12(3)).")),
        Planned("data-subjects.intake", "Anybody can file a request in public, and nothing is handed over before the identity is checked.",
            new TextFigure("page", Forms.Path(), 120, "Where requests are taken.")),
        Planned("data-subjects.assistance", "A controller gets help with its own subjects' requests, and a pack for its impact assessment."),
        Planned("data-map.record", "The record of processing is generated from the running schema; a column without a class stops the build."),
        Planned("data-map.special-categories", "A writer is warned where free text looks like special-category data, and nothing of what was seen is kept."),
    ];
}
