using static Vouchsafe.Claims.Controls.ControlDefinition;

namespace Vouchsafe.Claims.Controls.Areas;

internal static class Contract
{
    public static IReadOnlyList<ControlDefinition> All { get; } =
    [
        Built("subscription.trial", "One form leads to a working tenant; when the trial is over it can be read but not written.",
            new DurationFigure("length", "1d", "90d", "From sign-up to the last day on which can be written."),
            new FlagFigure("card-required", "Whether a payment card is asked for.", Always: false)),
        Built("contract.controller-identity", "Nobody signs up without a tenant code of their own and the registered details of their company."),
        Planned("subscription.modules", "A module that is off refuses reads and writes; its data is still exported and erased.",
            ListFigure.Like("modules", Forms.Word(), 1, 40, "The modules there are.")),
        Planned("contract.agreement", "The processing agreement in force is served with the tenant's own data, and ends only with the deletion certificate."),
        Planned("contract.acceptance", "No tenant is active without having accepted the agreement; a counter-signed copy can be had."),
        Planned("contract.instructions", "Staff reach a tenant's data only under that tenant's grant, for a purpose and a time."),
        Planned("contract.evidence-pack", "Evidence of compliance is produced on request, and the entitlement is tracked.",
            new IntegerFigure("per-year", 1, 12, "Packs a tenant may ask for in a calendar year.")),
        Planned("documents.room", "Restricted documents are handed out under an agreement, watermarked and for a limited time.",
            new DurationFigure("link-lifetime", "5m", "30d", "For how long a delivery can be opened.")),
    ];
}
