using static Vouchsafe.Claims.Controls.ControlDefinition;

namespace Vouchsafe.Claims.Controls.Areas;

internal static class Web
{
    public static IReadOnlyList<ControlDefinition> All { get; } =
    [
        Built("web.headers", "Every answer carries the security headers, whatever produced it.",
            new TextFigure("content-security-policy", Forms.ContentSecurityPolicy(), 1_000, "Content-Security-Policy; begins with default-src 'self' or 'none', never with an unsafe- source."),
            new ChoiceFigure("frame-options", ["DENY", "SAMEORIGIN"], "X-Frame-Options."),
            new ChoiceFigure("content-type-options", ["nosniff"], "X-Content-Type-Options."),
            new ChoiceFigure("referrer-policy", ["no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"], "Referrer-Policy."),
            new TextFigure("permissions-policy", Forms.PermissionsPolicy(), 1_000, "Permissions-Policy.")),
        Planned("web.validation", "Every field of every endpoint is held to its schema, and nothing malformed makes the server fail."),
        Planned("payments.no-card-data", "A payment card number is refused wherever it is sent, and neither stored nor logged."),
    ];
}
