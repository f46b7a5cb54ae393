using static Vouchsafe.Claims.Controls.ControlDefinition;

namespace Vouchsafe.Claims.Controls.Areas;

internal static class SubProcessors
{
    public static IReadOnlyList<ControlDefinition> All { get; } =
    [
        Planned("sub-processors.egress", "Connections to destinations that no registry entry declares are blocked and reported."),
        Planned("sub-processors.register", "The public list is rendered from the registry that outgoing connections are held to.",
            new TextFigure("page", Forms.Path(), 120, "Where it is published.")),
        Planned("sub-processors.transfers", "An entry outside the European Economic Area is refused without an approved mechanism.",
            ListFigure.Of("mechanisms", ["adequacy", "scc"], "Mechanisms that count.")),
        Planned("sub-processors.notice", "A change takes effect only after its notice period, and not for a tenant whose objection is open.",
            new DurationFigure("period", "7d", "180d", "Between the notice and the change.")),
        Planned("integrations.tokens", "Tokens and keys of third parties are sealed, and belong to one user in one workspace."),
        Planned("integrations.oauth", "Connections use OAuth 2.0 with the fewest scopes, and end at once when revoked."),
    ];
}
