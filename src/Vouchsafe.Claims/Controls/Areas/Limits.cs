using static Vouchsafe.Claims.Controls.ControlDefinition;

namespace Vouchsafe.Claims.Controls.Areas;

internal static class Limits
{
    public static IReadOnlyList<ControlDefinition> All { get; } =
    [
        Built("limits.sign-in", "Attempts to sign in are counted per address across all nodes, and refused beyond the limit.",
            new IntegerFigure("attempts", 1, 1_000, "Attempts within the window."), Window, Prefix),
        Built("limits.api", "Requests are counted per address across all nodes, and refused beyond the limit.",
            new IntegerFigure("requests", 1, 1_000_000, "Requests within the window."), Window, Prefix),
        Built("limits.setup", "Calls to set-up endpoints are counted per address across all nodes, and refused beyond the limit.",
            new IntegerFigure("calls", 1, 100, "Calls within the window."), Window, Prefix),
        Built("limits.tiles", "Requests for tiles and checkpoints of the logs are counted per address across all nodes, by themselves, and refused beyond the limit.",
            new IntegerFigure("requests", 1, 1_000_000, "Requests within the window."), Window, Prefix),
        Built("limits.answer", "A refusal for too many requests is a JSON problem that says when to come back.",
            new ChoiceFigure("status", ["429"], "HTTP status (RFC 6585, section 4)."),
            new FlagFigure("retry-after", "Whether Retry-After is sent.", Always: true)),
        Planned("lockout.account", "An account is closed after too many failed attempts, counted across all nodes.",
            new IntegerFigure("attempts", 3, 100, "Failed attempts before the account is closed.")),
    ];

    private static DurationFigure Window => new("window", "1s", "24h", "The window in which is counted.");

    private static IntegerFigure Prefix => new("ipv6-prefix", 32, 64, "IPv6 addresses that share this many leading bits count as one.");
}
