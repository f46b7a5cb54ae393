using static Vouchsafe.Claims.Controls.ControlDefinition;

namespace Vouchsafe.Claims.Controls.Areas;

internal static class Residency
{
    public static IReadOnlyList<ControlDefinition> All { get; } =
    [
        Planned("residency.regions", "No cell, bucket or backup repository can be registered outside the regions named.",
            ListFigure.Like("regions", Forms.Word(), 1, 20, "Regions in which data may lie.")),
        Planned("residency.ai", "Only declared fields leave the region, only for the AI purpose, only under safeguards.",
            ListFigure.Like("mechanisms", Forms.Word(), 1, 6, "Safeguards under which they may.")),
        Planned("infrastructure.components", "Each component is listed with provider, place and certificate, and a certificate that lapsed is seen.",
            ListFigure.Like("certificates", Forms.Word(), 1, 10, "Certificates that critical components must hold.")),
        Planned("infrastructure.separation", "A process outside production is refused production keys and databases, and only declared ports listen."),
    ];
}
