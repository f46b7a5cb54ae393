using static Vouchsafe.Claims.Controls.ControlDefinition;

namespace Vouchsafe.Claims.Controls.Areas;

internal static class Audit
{
    public static IReadOnlyList<ControlDefinition> All { get; } =
    [
        Built("audit.immutable", "A change and its entry are one transaction; no application login can alter an entry, and an alteration by anybody is found.",
            new ChoiceFigure("index", ["after-commit", "in-transaction"], "When an entry becomes part of the log: moments after the commit, or in the transaction in which it happens, where appends to one log wait for each other.")),
        Built("audit.export", "An administrator can take the whole trail away as JSON, with proofs that verify offline."),
        Built("audit.attribution", "Each entry of an administrative action says who, what, when and from which address."),
        Built("audit.actions", "Each request that changes something, and each that reads personal data, leaves an entry."),
        Built("audit.no-identifiers", "No entry holds a name, mail address, telephone number or network address in clear."),
        Planned("audit.privileged", "Each action of a platform role, emergency access to the database among them, leaves an entry that is kept as scheduled.",
            new DurationFigure("keep", "30d", "10y", "For how long entries of privileged actions are kept.")),
    ];
}
