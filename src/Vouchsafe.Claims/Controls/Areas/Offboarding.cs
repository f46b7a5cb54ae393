using static Vouchsafe.Claims.Controls.ControlDefinition;

namespace Vouchsafe.Claims.Controls.Areas;

internal static class Offboarding
{
    public static IReadOnlyList<ControlDefinition> All { get; } =
    [
        Planned("offboarding.return", "At the end a tenant takes all of its data away in open formats, or has it deleted with a certificate."),
        Planned("offboarding.deletion", "After the time for export nothing of the tenant is left in production, and after the cycle nothing in any backup.",
            new DurationFigure("export-for", "1d", "180d", "From termination to deletion."),
            new DurationFigure("backups-within", "1d", "180d", "From deletion to the last backup that held the data.")),
        Planned("retention.schedule", "The published schedule is the one that the purge runs by; nothing older than its limit exists.",
            new DurationFigure("purge-every", "1h", "7d", "Between two runs of the purge.")),
        Planned("retention.removal", "A deleted account's data is removed in time, and what the law keeps is reduced to what it needs.",
            new DurationFigure("within", "1d", "180d", "From the deletion of an account to the removal of its data."),
            new DurationFigure("audit-kept", "30d", "10y", "For how long entries of the trail are kept.")),
    ];
}
