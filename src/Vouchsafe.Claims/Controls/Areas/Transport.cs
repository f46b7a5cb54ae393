using static Vouchsafe.Claims.Controls.ControlDefinition;

namespace Vouchsafe.Claims.Controls.Areas;

internal static class Transport
{
    private static readonly string[] ForOneThree = ["TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256"];

    /// <summary>Forward secrecy and authenticated encryption (RFC 9325, section 4.2); no CBC, RC4 or 3DES.</summary>
    private static readonly string[] ForOneTwo =
    [
        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    ];

    public static IReadOnlyList<ControlDefinition> All { get; } =
    [
        Built("transport.tls", "Only the named protocol versions and cipher suites are spoken.",
            ListFigure.Of("versions", ["1.2", "1.3"], "TLS versions that are accepted."),
            new ChoiceFigure("prefer", ["1.2", "1.3"], "The version that a client which offers all of them gets."),
            ListFigure.Of("suites", [.. ForOneThree, .. ForOneTwo], "Cipher suites that are accepted, by their IANA names."))
            .Where(PreferredIsHighest, EachVersionHasItsSuites),
        Built("transport.hsts", "Every HTTPS answer tells browsers to come back over HTTPS only (RFC 6797).",
            new DurationFigure("max-age", "1d", "10y", "For how long a browser remembers."),
            new FlagFigure("include-subdomains", "Whether subdomains are included."),
            new FlagFigure("preload", "Whether browsers may build the host in."))
            .Where(PreloadAsTheListDemands),
        Built("transport.redirect", "A request over HTTP is sent to the same path over HTTPS before any handler runs.",
            new ChoiceFigure("status", ["301", "308"], "The status of the redirect.")),
        Planned("transport.certificates", "A certificate for the domain that nobody here asked for raises an alert.",
            new DurationFigure("every", "5m", "1d", "How often the transparency logs are read.")),
        Planned("transport.every-hop", "Connections to database, mail, object store and webhooks refuse to speak in clear, and no personal data stands in a log or trace."),
    ];

    private static string? PreferredIsHighest(Postures.Figures tls) => tls.Choice("prefer") == tls.Choices("versions").Max(StringComparer.Ordinal) ? null
        : $"prefer is {tls.Choice("prefer")}, but a client and a server agree on the highest version that both speak, here {tls.Choices("versions").Max(StringComparer.Ordinal)}";

    private static string? EachVersionHasItsSuites(Postures.Figures tls)
    {
        foreach (var (version, suites) in new[] { ("1.2", ForOneTwo), ("1.3", ForOneThree) })
            if (tls.Choices("versions").Contains(version) != tls.Choices("suites").Any(suites.Contains))
                return tls.Choices("versions").Contains(version)
                    ? $"version {version} is accepted, but none of its suites is"
                    : $"version {version} is refused, but suites of it are listed";
        return null;
    }

    private static string? PreloadAsTheListDemands(Postures.Figures hsts) =>
        !hsts.Flag("preload") || (hsts.Flag("include-subdomains") && hsts.Duration("max-age") >= TimeSpan.FromDays(365)) ? null
            : "preload needs include-subdomains and a max-age of 1y at least; the browsers' list takes nothing less";
}
