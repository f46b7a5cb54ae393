using static Vouchsafe.Claims.Controls.ControlDefinition;

namespace Vouchsafe.Claims.Controls.Areas;

internal static class Backup
{
    public static IReadOnlyList<ControlDefinition> All { get; } =
    [
        Planned("backup.encrypted", "Backups are encrypted under keys that no other data is encrypted with.",
            new ChoiceFigure("algorithm", ["AES-256"], "The cipher of the repository.")),
        Planned("backup.copies", "Fresh backups lie in several regions.",
            new IntegerFigure("regions", 1, 5, "Regions that hold a fresh backup."),
            new DurationFigure("every", "15m", "7d", "Between two backups.")),
        Planned("backup.drill", "A restore from backup was tried and verified within the interval.",
            new DurationFigure("every", "1d", "1y", "Between two restore drills.")),
        Planned("backup.point-in-time", "The database can be taken back to a chosen second.",
            new DurationFigure("reach", "1d", "1y", "How far back.")),
        Planned("backup.recovery", "A restored service proves rows, keys and the trail's root, and erases again what was erased since, before it serves."),
    ];
}
