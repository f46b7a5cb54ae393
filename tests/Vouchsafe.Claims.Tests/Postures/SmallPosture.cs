namespace Vouchsafe.Claims.Tests.Postures;

/// <summary>A posture that is good and short: what the tests of errors spoil.</summary>
internal static class SmallPosture
{
    public const string Text = """
        posture: small
        extends: baseline
        company:
          name: Small Ltd
          product: Small
          country: IE
          contacts: { security: security@small.example }
        languages: [en, fr]
        claims:
          - id: SM-01
            kind: enforced
            area: rate limits
            text:
              en: "At most {limits.sign-in.attempts} attempts in {limits.sign-in.window}."
              fr: "Au plus {limits.sign-in.attempts} tentatives en {limits.sign-in.window}."
            controls:
              limits.sign-in: { attempts: 6, window: 1m, ipv6-prefix: 64 }
          - id: SM-02
            kind: published
            area: trust
            text: { en: "We told you.", fr: "Nous vous l'avons dit." }
            controls: { trust-pages.measures: { page: /trust } }
            withdrawn: { date: 2026-01-31, reason: { en: "We no longer do.", fr: "Nous ne le faisons plus." } }
        settings:
          sessions.jwt-lifetime: { lifetime: 10m }
        """;
}
