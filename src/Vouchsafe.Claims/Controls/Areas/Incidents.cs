using static Vouchsafe.Claims.Controls.ControlDefinition;

namespace Vouchsafe.Claims.Controls.Areas;

internal static class Incidents
{
    public static IReadOnlyList<ControlDefinition> All { get; } =
    [
        Planned("breach.customers", "Customers hear of a breach in time, with every part that the notice needs.",
            new DurationFigure("within", "1h", "72h", "From awareness to notice (GDPR Art. 33).")),
        Planned("breach.authority", "The supervisory authority hears of a breach in time.",
            new DurationFigure("within", "1h", "72h", "From discovery to notice (GDPR Art. 33)."),
            new TextFigure("authority", Forms.Word(), 40, "Which authority, in lower case.")),
        Planned("breach.subjects", "Where the risk is high the people concerned hear of it without delay."),
        Planned("incidents.process", "Each incident goes through detection, containment, eradication, recovery and review, and none is skipped."),
        Planned("incidents.evidence", "What an incident left behind is sealed, listed by hash and exempt from the purge."),
        Planned("incidents.review", "A significant incident is closed only with cause, remedy and prevention in writing."),
        Planned("incidents.containment", "One action cuts off a user, session family, key, integration or tenant on all nodes.",
            new DurationFigure("within", "1s", "60s", "From the action to its effect on the last node.")),
        Planned("incidents.root-cause", "The cause of an incident is found in time.",
            new DurationFigure("within", "1h", "30d", "From detection to the written cause.")),
        Planned("detection.rules", "Stuffing, spraying, probing of other tenants, mass export, escalation, replay and odd sign-ins raise alerts."),
        Planned("detection.alert", "An alert reaches somebody in time.",
            new DurationFigure("within", "10s", "1h", "From the event to the delivered alert.")),
        Planned("detection.monitor", "Error rates and behaviour are watched, and so is the silence of the watcher.",
            new DurationFigure("most-silence", "10s", "1h", "Silence after which the watcher itself raises an alert.")),
    ];
}
