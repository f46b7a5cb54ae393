using static Vouchsafe.Claims.Controls.ControlDefinition;

namespace Vouchsafe.Claims.Controls.Areas;

internal static class Sessions
{
    public static IReadOnlyList<ControlDefinition> All { get; } =
    [
        Built("sessions.jwt-validation", "A bearer token (RFC 7519) counts only with the right algorithm, key, issuer, audience, tenant and time.",
            new ChoiceFigure("algorithm", ["HS256"], "The one algorithm that is accepted (RFC 7518, section 3.2)."),
            new IntegerFigure("key-bits", 256, 512, "Bits of the signing key."),
            new DurationFigure("clock-skew", "0s", "2m", "By how much a token's times may be off.")),
        Built("sessions.jwt-lifetime", "A token lives this long; a refresh token is used once, and its second use ends the family.",
            new DurationFigure("lifetime", "1m", "24h", "Between issue and expiry of a bearer token."),
            new DurationFigure("refresh-lifetime", "5m", "90d", "Between issue and expiry of a refresh token."))
            .Where(jwt => jwt.Duration("refresh-lifetime") > jwt.Duration("lifetime") ? null : "refresh-lifetime must be longer than lifetime, or nothing could be refreshed"),
        Planned("sessions.idle", "A session without activity ends on the server, in every tab and on every node.",
            new DurationFigure("timeout", "1m", "24h", "Idle time after which a session is dead.")),
        Planned("sessions.cookies", "Session cookies are bound to the host, out of reach for scripts, and new at each change of privilege."),
    ];
}
