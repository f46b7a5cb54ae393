using static Vouchsafe.Claims.Controls.ControlDefinition;

namespace Vouchsafe.Claims.Controls.Areas;

internal static class Ai
{
    public static IReadOnlyList<ControlDefinition> All { get; } =
    [
        Planned("ai.purpose", "Each purpose of processing is declared; a provider that may train on the data is refused."),
        Planned("ai.session-only", "Prompts and answers are neither kept, logged nor used beyond their session."),
        Planned("ai.notice", "Every answer of an AI carries a mark that people see and one that machines read."),
        Planned("ai.guard", "One guard stands before and behind every provider; what it lets in can't start a tool that was not allowed."),
        Planned("ai.limits", "Grave actions of an AI are limited, watched, and wait for approval.",
            new IntegerFigure("actions", 1, 10_000, "Sensitive actions of one user within the window."),
            new DurationFigure("window", "1m", "24h", "The window in which is counted.")),
    ];
}
