using static Vouchsafe.Claims.Controls.ControlDefinition;

namespace Vouchsafe.Claims.Controls.Areas;

internal static class Vulnerabilities
{
    public static IReadOnlyList<ControlDefinition> All { get; } =
    [
        Planned("vulnerabilities.inventory", "What runs is listed and compared with advisories; a hit is a finding with a due date.", Every("1h", "30d")),
        Planned("vulnerabilities.scans", "Dependencies, images and exposed services are scanned, and findings have owner, severity and due date.",
            Every("1h", "30d"), new DurationFigure("critical-within", "1h", "30d", "From a critical finding to its remedy.")),
        Planned("vulnerabilities.penetration-test", "A third party's test report younger than the interval is on file.", Every("30d", "2y")),
        Planned("engineering.review", "The provenance of a release names its review and its static analysis."),
        Planned("disclosure.intake", "Reports of vulnerabilities are taken in private (RFC 9116) and answered by a clock of business days.",
            new IntegerFigure("business-days", 1, 10, "Business days until the first answer.")),
        Planned("disclosure.policy", "Research in good faith is welcome by a published policy.",
            new TextFigure("page", Forms.Path(), 120, "Where the policy is published.")),
    ];

    private static DurationFigure Every(string least, string most) => new("every", least, most, "Between two of them.");
}
